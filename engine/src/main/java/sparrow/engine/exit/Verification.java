package sparrow.engine.exit;

import java.util.Locale;

/**
 * The use of full depth to verify early tokens. A pass at full depth computes the states of pending positions after the
 * last layer anyway, because it fills their keys and values (SPAR-K, section 4.2.3). The model's own head can therefore
 * predict for them too, without reading its matrix again.
 */
public enum Verification {
    /** No verification, as in SPAR-K. */
    NONE,

    /** Counts the early tokens that full depth would have chosen too. The reply is the same as with {@link #NONE}. */
    MEASURE,

    /**
     * Treats early tokens as drafts: drafts are accepted as long as full depth chooses the same tokens; the first other
     * draft is replaced by the choice of full depth, and the sequence continues from there. The reply equals the reply
     * at full depth, token for token.
     */
    EXACT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
