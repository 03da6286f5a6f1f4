package sparrow.models.pool;

import sparrow.models.Question;
import sparrow.models.SpokenModel;

/**
 * A question and its reply.
 *
 * @param question as the model hears it ({@link sparrow.models.SpokenModel#encode}), so that it is not encoded again
 * @param reply ids of the reply, or of as much of it as was heard, without an end token; may be none. Not to be changed
 */
public record ChatTurn(Question question, int[] reply) {
    /** The same without the sound of the reply: what was said stays as text. */
    ChatTurn words(SpokenModel model) {
        return new ChatTurn(question, SpokenPart.words(model, reply));
    }
}
