package sparrow.models.family;

import java.util.List;
import sparrow.engine.decode.PromptEmbeddings;

/**
 * What a turn appends to the conversation.
 *
 * @param ids prompt ids, from the end of the turn before to the start of the reply
 * @param embeddings what stands in place of some ids' own: a sound as the model hears it
 * @param shared leading ids that every conversation of its kind begins with, the system turn; 0 for a later turn
 */
public record PromptTokens(int[] ids, List<PromptEmbeddings> embeddings, int shared) {}
