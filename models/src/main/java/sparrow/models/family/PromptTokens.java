package sparrow.models.family;

import java.util.List;
import sparrow.engine.decode.PromptEmbeddings;

/**
 * The tokens that a turn appends to the conversation.
 *
 * @param ids the prompt ids, from the end of the previous turn to the start of the reply
 * @param embeddings vectors of encoded audio that replace token embeddings
 * @param shared the number of leading ids that are the same in all conversations (the system turn); 0 for a later turn
 */
public record PromptTokens(int[] ids, List<PromptEmbeddings> embeddings, int shared) {}
