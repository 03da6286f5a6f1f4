package sparrow.engine.reply;

/**
 * The agreement of early units with the choices of full depth in their place ({@link sparrow.engine.exit.Verification#MEASURE}): agreement of the
 * exits, without labels.
 *
 * @param checked early tokens that the final head was asked about
 * @param right those that it would have chosen too
 * @param nats sum over the checked ones of how much less likely the final head finds them than its favourite, in nats; at most
 *     {@link #MOST_NATS} each, since a head may choose what the other one does not know
 */
public record EarlyTokenAgreement(long checked, long right, double nats) {
    /** Maximum of a single token; counted for a token that the final head does not know. */
    public static final double MOST_NATS = 30;

    /** Nothing was checked. */
    public static final EarlyTokenAgreement NONE = new EarlyTokenAgreement(0, 0, 0);

    /** Share of the checked tokens that were right; NaN if there are none. */
    public double agreement() {
        return (double) right / checked;
    }

    /** Mean of {@link #nats} over the checked tokens; NaN if there are none. */
    public double meanNats() {
        return nats / checked;
    }

    /** Both together. */
    public EarlyTokenAgreement plus(EarlyTokenAgreement other) {
        return new EarlyTokenAgreement(checked + other.checked, right + other.right, nats + other.nats);
    }

    /** One more token. */
    EarlyTokenAgreement plus(boolean isRight, double itsNats) {
        return new EarlyTokenAgreement(checked + 1, right + (isRight ? 1 : 0), nats + Math.min(MOST_NATS, itsNats));
    }
}
