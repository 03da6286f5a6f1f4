package sparrow.engine.decode;

import java.util.Collections;
import java.util.SortedSet;

/** Hears the steps of a reply, on the deciding thread: what takes long belongs on another one. */
@FunctionalInterface
public interface StepListener {
    /** Ignores them. */
    StepListener NONE = step -> {};

    /** A token was decided. */
    void accept(Step step);

    /**
     * The layers, from 1 to L, after which {@link #state} is told the hidden state; none unless overridden. The passes of
     * this reply pause at them, which changes no number. The answer is always the same.
     */
    default SortedSet<Integer> watched() {
        return Collections.emptySortedSet();
    }

    /**
     * The position that the coming step is decided from has gone through a watched layer. Told layer by layer, before
     * {@link #accept}; a position that leaves early does not reach the layers above its exit.
     *
     * @param layer from 1
     * @param hidden residual stream, [width]; holds during the call only
     */
    default void state(int layer, float[] hidden) {}
}
