package sparrow.models.pool;

import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;

/**
 * Hears a reply while it comes into being. Calls of one reply never overlap, but for {@link #isReady}. They come on threads that other
 * replies wait for: long work, and waiting for the pool, such as closing it, belong on a thread of the listener's own. The last call is
 * {@link #ended} or {@link #failed}, one of them, once.
 */
public interface ReplyListener {
    /** Ignores everything. */
    ReplyListener NONE = new ReplyListener() {};

    /** The reply was admitted to the batch, and prefill begins. */
    default void begun(PromptUse prompt) {}

    /** A token was decided. */
    default void step(Step step) {}

    /** Text was completed; never half a character. */
    default void text(String piece) {}

    /**
     * The model called a tool: from then on it says nothing more.
     *
     * @param units of the call in the reply, from the end of the call before
     */
    default void call(ToolCall call, List<Unit> units) {}

    /** Samples are final, mono within [-1, 1] at the model's rate; they follow those given before. */
    default void speech(float[] samples) {}

    /** The reply is over: decoded, and all of its sound given; or cancelled, and no more comes. */
    default void ended(PooledReply reply) {}

    /** The reply broke off. */
    default void failed(RuntimeException failure) {}

    /**
     * True if more is wanted now. While it is not, nothing is decoded for the reply and no further block of its sound is made. A reply
     * that waits so for more than ten minutes in all, besides twice the length of the sound given so far, fails with a
     * {@link SlowListenerException}. Asked before every pass and every block, on the thread of the model and on vocoder threads, perhaps
     * while another one gives samples.
     */
    default boolean isReady() {
        return true;
    }

    /**
     * Two listeners as one: both hear every call, the first one before the second, and more is wanted where both want more.
     * An exception of one of them at the end does not keep the other from hearing the end.
     */
    static ReplyListener both(ReplyListener first, ReplyListener second) {
        return new ReplyListener() {
            @Override
            public void begun(PromptUse prompt) {
                first.begun(prompt);
                second.begun(prompt);
            }

            @Override
            public void step(Step step) {
                first.step(step);
                second.step(step);
            }

            @Override
            public void text(String piece) {
                first.text(piece);
                second.text(piece);
            }

            @Override
            public void call(ToolCall call, List<Unit> units) {
                first.call(call, units);
                second.call(call, units);
            }

            @Override
            public void speech(float[] samples) {
                first.speech(samples);
                second.speech(samples);
            }

            @Override
            public void ended(PooledReply reply) {
                try {
                    first.ended(reply);
                } finally {
                    second.ended(reply);
                }
            }

            @Override
            public void failed(RuntimeException failure) {
                try {
                    first.failed(failure);
                } finally {
                    second.failed(failure);
                }
            }

            @Override
            public boolean isReady() {
                return first.isReady() && second.isReady();
            }
        };
    }
}
