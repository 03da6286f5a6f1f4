package sparrow.engine.exit;

import java.util.Locale;

/**
 * The use of early positions in a pass at full depth. The pass computes their states after the last layer anyway, to fill their keys and
 * values (SPAR-K, section 4.2.3), so the model's own head can predict for them in the same reading of its matrix.
 */
public enum Verification {
    /** None: SPAR-K. */
    NONE,

    /** Counts the early tokens that full depth would have chosen too. The reply equals that of {@link #NONE}. */
    MEASURE,

    /**
     * Early tokens are drafts: those that full depth chooses too are kept, the first other one is replaced, and the sequence continues
     * from there. The reply equals that of full depth, token for token.
     */
    EXACT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
