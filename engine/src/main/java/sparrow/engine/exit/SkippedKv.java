package sparrow.engine.exit;

import java.util.Locale;

/**
 * Treatments of a position's missing keys and values in the layers above its early exit. Later positions attend to
 * these keys and values. SPAR-K fills them (section 4.2.3), which is exact. The other two treatments are used for
 * comparison.
 */
public enum SkippedKv {
    /** The position remains pending. The next deeper pass of its sequence runs it through the missing layers. */
    FILL,

    /**
     * The keys and values of all layers above the exit are computed at once from the hidden state at the exit, and the
     * position is no longer pending ("state propagation" in CALM, Schuster et al. 2022; the baseline in FREE, Bae et
     * al. 2023). This treatment is exact in the layer above the exit and approximate in the layers that follow.
     */
    COPY,

    /**
     * The layers above the exit never contain the position, so later positions do not attend to it. This treatment is
     * not supported for models with convolutions.
     */
    OMIT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
