package sparrow.models.chat;

import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;

/**
 * A question and its reply.
 *
 * @param question the encoded question ({@link sparrow.models.SpokenModel#encode}), so that it is not encoded again
 * @param reply the units of the reply, or of the part that the user heard, without an end token; may be empty
 */
public record ChatTurn(Question question, List<Unit> reply) {
    public ChatTurn {
        reply = List.copyOf(reply);
    }

    /** Creates a turn without a reply. */
    public ChatTurn(Question question) {
        this(question, List.of());
    }
}
