package sparrow.models.pool;

import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;

/**
 * A reply that is over.
 *
 * @param prompt the cost of its prompt; all zeros if it was cancelled before it began
 * @param units of the reply without an end token, which belong to the chat from now on; none after its last tool call
 * @param text of the reply
 * @param reply every decided unit, and why it ended
 * @param timing of its stages
 */
public record PooledReply(PromptUse prompt, List<Unit> units, String text, Reply reply, Timing timing) {
    public PooledReply {
        units = List.copyOf(units);
    }

    /**
     * Nanoseconds since the reply was asked for; 0 for what never came.
     *
     * @param begun it was admitted to the batch
     * @param firstToken its first token was decided
     * @param firstAudio its first samples were given
     * @param decoded its last token was decided
     * @param done its last samples were given
     * @param samples of speech that were given
     */
    public record Timing(long begun, long firstToken, long firstAudio, long decoded, long done, long samples) {}
}
