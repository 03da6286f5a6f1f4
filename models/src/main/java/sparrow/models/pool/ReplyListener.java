package sparrow.models.pool;

import sparrow.engine.decode.Step;

/**
 * Hears a reply while it comes into being. Calls of one reply never overlap, but for {@link #isReady}, and come on threads
 * that others wait for: what may take long, or waits for the pool, such as closing it, belongs elsewhere. The last call is
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

    /** Samples are final, mono within [-1, 1] at the model's rate; they follow those given before. */
    default void speech(float[] samples) {}

    /** The reply is over: decoded, and all of its sound given; or cancelled, and no more comes. */
    default void ended(PooledReply reply) {}

    /** The reply broke off. */
    default void failed(RuntimeException failure) {}

    /**
     * Whether more is wanted now. While it is not, nothing is decoded for the reply. Asked before every pass, on the thread of
     * the model, perhaps while a vocoder thread gives samples.
     */
    default boolean isReady() {
        return true;
    }
}
