package sparrow.models.family;

import java.util.List;
import sparrow.engine.decode.PromptEmbeddings;

/**
 * The tokens that a turn appends to the conversation, as a family makes them.
 *
 * @param ids prompt ids, from the end of the turn before to the start of the reply
 * @param embeddings that stand in place of some ids' own: an encoded sound
 * @param shared leading ids that every conversation of its kind begins with, the system turn; 0 for a later turn
 */
public record PromptTokens(int[] ids, List<PromptEmbeddings> embeddings, int shared) {}
