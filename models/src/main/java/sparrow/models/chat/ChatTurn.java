package sparrow.models.chat;

import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;

/**
 * A question and its reply.
 *
 * @param question as the model hears it ({@link sparrow.models.SpokenModel#encode}), so that it is not encoded again
 * @param reply units of the reply, or of as much of it as was heard, without an end token; may be none
 */
public record ChatTurn(Question question, List<Unit> reply) {
    public ChatTurn {
        reply = List.copyOf(reply);
    }

    /** A question without a reply. */
    public ChatTurn(Question question) {
        this(question, List.of());
    }
}
