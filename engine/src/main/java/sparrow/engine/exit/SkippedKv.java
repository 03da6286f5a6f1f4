package sparrow.engine.exit;

import java.util.Locale;

/**
 * The treatment of the layers above an exit. They lack the key and value of a position that left early, which later positions
 * look for there. SPAR-K fills them in (section 4.2.3), which is exact. The other two are here for comparison: copying, as
 * earlier systems do, and leaving them out.
 */
public enum SkippedKv {
    /** The position stays pending, and the next pass that goes deeper carries it through the layers that it lacks. */
    FILL,

    /**
     * Keys and values are projected at once from the hidden state at which the position left, in every layer above, and the
     * position is not pending any more (CALM, Schuster et al. 2022, "state propagation"; FREE, Bae et al. 2023, its baseline). Exact in
     * the layer above the exit, approximate in those that follow.
     */
    COPY,

    /** The layers above never hold the position; later ones do not see it there. Not for models with convolutions. */
    OMIT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
