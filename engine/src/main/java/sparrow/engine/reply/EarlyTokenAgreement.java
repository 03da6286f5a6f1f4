package sparrow.engine.reply;

/**
 * The agreement of early tokens with the choices of full depth at the same positions
 * ({@link sparrow.engine.exit.Verification#MEASURE}).
 *
 * @param checked number of early tokens compared with full depth
 * @param right number of these that full depth would have chosen too
 * @param nats log probability of the likeliest token at full depth minus that of the early token, in nats, summed over
 *     the checked tokens; at most {@link #MAX_NATS} for each token
 */
public record EarlyTokenAgreement(long checked, long right, double nats) {
    /** Maximum of {@link #nats} for one token; also the value for a token that the final head does not know. */
    public static final double MAX_NATS = 30;

    /** No token was checked. */
    public static final EarlyTokenAgreement NONE = new EarlyTokenAgreement(0, 0, 0);

    /** Fraction of the checked tokens that full depth would have chosen too; NaN if there are none. */
    public double agreement() {
        return (double) right / checked;
    }

    /** Mean of {@link #nats} over the checked tokens; NaN if there are none. */
    public double meanNats() {
        return nats / checked;
    }

    /** Returns the sum of two agreements. */
    public EarlyTokenAgreement plus(EarlyTokenAgreement other) {
        return new EarlyTokenAgreement(checked + other.checked, right + other.right, nats + other.nats);
    }

    /** Returns the agreement with one more token. */
    EarlyTokenAgreement plus(boolean isRight, double tokenNats) {
        return new EarlyTokenAgreement(checked + 1, right + (isRight ? 1 : 0), nats + Math.min(MAX_NATS, tokenNats));
    }
}
