package sparrow.engine.reply;

/**
 * The agreement of early tokens with full depth's choices at the same positions
 * ({@link sparrow.engine.exit.Verification#MEASURE}).
 *
 * @param checked number of early tokens compared with full depth
 * @param agreed number of these tokens that full depth would also have chosen
 * @param nats sum over the checked tokens of the difference between the full-depth log probabilities of the likeliest
 *     token and the early token, in nats; at most {@link #MAX_NATS} for each token
 */
public record EarlyTokenAgreement(long checked, long agreed, double nats) {
    /**
     * Maximum of {@link #nats} for one token, which is also the value for a token that the final head does not cover.
     */
    public static final double MAX_NATS = 30;

    /** The agreement if no tokens were checked. */
    public static final EarlyTokenAgreement NONE = new EarlyTokenAgreement(0, 0, 0);

    /** Returns the fraction of checked tokens that full depth would also have chosen, or NaN if there are none. */
    public double agreement() {
        return (double) agreed / checked;
    }

    /** Returns the mean of {@link #nats} over the checked tokens, or NaN if there are none. */
    public double meanNats() {
        return nats / checked;
    }

    /** Returns the sum of two agreements. */
    public EarlyTokenAgreement plus(EarlyTokenAgreement other) {
        return new EarlyTokenAgreement(checked + other.checked, agreed + other.agreed, nats + other.nats);
    }

    /** Returns the agreement with one additional token. */
    EarlyTokenAgreement plus(boolean agrees, double tokenNats) {
        return new EarlyTokenAgreement(checked + 1, agreed + (agrees ? 1 : 0), nats + Math.min(MAX_NATS, tokenNats));
    }
}
