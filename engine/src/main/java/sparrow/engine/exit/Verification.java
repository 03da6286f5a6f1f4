package sparrow.engine.exit;

import java.util.Locale;

/**
 * The question that a pass of full depth asks about the positions that it carries along because they left early. Their state
 * after the last layer is there anyway, for their keys and values (SPAR-K, section 4.2.3), so the model's own head can read it in
 * the same reading of its matrix.
 */
public enum Verification {
    /** No question: SPAR-K. */
    NONE,

    /** The early tokens that full depth would have chosen too are counted. The reply is that of {@link #NONE}. */
    MEASURE,

    /**
     * Early tokens are drafts: those that full depth would have chosen stay, the first other one is replaced, and the sequence goes
     * on from there. The reply is that of full depth, token for token.
     */
    EXACT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
