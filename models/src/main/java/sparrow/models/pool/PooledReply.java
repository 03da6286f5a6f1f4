package sparrow.models.pool;

import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.models.SpokenModel;

/**
 * A reply that has ended.
 *
 * @param prompt the number of positions in the reply's prompt; all zeros if the reply was cancelled before it began
 * @param units the units that belong to the chat history, without an end token and without units after the last tool
 *     call
 * @param text the reply's text
 * @param understood whether the reply is an answer, or empty if unknown; see {@link SpokenModel#understood}
 * @param reply every selected unit, and the reason why the reply ended
 * @param timing the times of the reply's stages
 */
public record PooledReply(
        PromptUse prompt, List<Unit> units, String text, Optional<Boolean> understood, Reply reply, Timing timing) {
    public PooledReply {
        units = List.copyOf(units);
    }

    /**
     * Times in nanoseconds since the reply was requested. A time is 0 if its event did not occur.
     *
     * @param begun the time of admission to the batch
     * @param firstToken the time at which the first token was selected
     * @param firstAudio the time at which the listener received the first samples
     * @param decoded the time at which the last token was selected
     * @param done the time at which the listener received the last samples
     * @param samples the number of speech samples that the listener received
     */
    public record Timing(long begun, long firstToken, long firstAudio, long decoded, long done, long samples) {}
}
