package sparrow.engine.exit;

import java.util.Locale;

/**
 * Ways to verify early tokens with full depth. A pass at full depth also computes the last-layer states of pending
 * positions, because it fills their keys and values (SPAR-K, section 4.2.3). The model's own head can therefore make
 * predictions for these positions without reading its matrix again.
 */
public enum Verification {
    /** Early tokens are not verified, as in SPAR-K. */
    NONE,

    /** Early tokens that full depth would also have chosen are counted. The reply is the same as with {@link #NONE}. */
    MEASURE,

    /**
     * Early tokens are treated as drafts. Drafts are accepted as long as full depth chooses the same tokens. The first
     * different draft is replaced by full depth's choice, and the sequence continues from there. The reply equals the
     * full-depth reply, token for token.
     */
    EXACT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
