package sparrow.engine.exit;

import java.util.Locale;

/**
 * Ways to give the layers above an exit the keys and values of a position that exited early; later positions attend to them. SPAR-K fills
 * them (section 4.2.3), which is exact. Copying, as earlier systems do, and omitting are for comparison.
 */
public enum SkippedKv {
    /** The position stays pending; the next pass that goes deeper takes it through the layers it lacks. */
    FILL,

    /**
     * Keys and values of all layers above are projected at once from the hidden state of the exit, and the position is no longer pending
     * (CALM, Schuster et al. 2022, "state propagation"; FREE, Bae et al. 2023, its baseline). Exact in
     * the layer above the exit, approximate in those that follow.
     */
    COPY,

    /** The layers above never contain the position, so later positions do not attend to it there. Not for models with convolutions. */
    OMIT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
