package sparrow.models.pool;

import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;

/**
 * Receives a reply while it is generated. Calls for one reply never overlap, except for {@link #isReady}. The methods
 * are called on threads that other replies need. Long work, and operations that wait for the pool, such as closing it,
 * must therefore run on another thread. The last call is either {@link #ended} or {@link #failed}.
 */
public interface ReplyListener {
    /** A listener that ignores all notifications. */
    ReplyListener NONE = new ReplyListener() {};

    /** Called when the reply has been admitted to the batch and prefill begins. */
    default void begun(PromptUse prompt) {}

    /** Called when a token has been selected. */
    default void step(Step step) {}

    /** Called when a piece of text is complete. It contains only complete characters. */
    default void text(String piece) {}

    /**
     * Called when the model has called a tool. The reply contains no text or speech after a call.
     *
     * @param units the units of the call, starting after the previous call
     */
    default void call(ToolCall call, List<Unit> units) {}

    /**
     * Called when samples are final. They are mono, within [-1, 1], at the model's rate, and follow the previous
     * samples.
     */
    default void speech(float[] samples) {}

    /** Called when the reply is over: either it was decoded and all of its audio was sent, or it was cancelled. */
    default void ended(PooledReply reply) {}

    /** Called when the reply has failed. */
    default void failed(RuntimeException failure) {}

    /**
     * Returns whether the listener is ready for more of the reply. While the listener is not ready, no token is
     * selected and no block of audio is generated for the reply. If the total time for which it is not ready exceeds
     * ten minutes plus twice the duration of the audio sent so far, the reply fails with a
     * {@link SlowListenerException}. The method is called before every pass and every block, on the model's thread and
     * on vocoder threads, possibly while another thread sends samples.
     */
    default boolean isReady() {
        return true;
    }

    /**
     * Returns a listener that forwards every call to all given listeners in order. It is ready if all of them are
     * ready. If one listener throws an exception at the end of the reply, the other listeners are still notified.
     */
    static ReplyListener all(ReplyListener... listeners) {
        return new ReplyListeners(List.of(listeners));
    }
}
