package sparrow.engine.decode;

/**
 * Whether drafts of forced tokens are right. A model of random weights agrees with itself on nothing, so whoever measures how
 * long drafting takes says how often it succeeds.
 */
@FunctionalInterface
public interface DraftVerdicts {
    /** All drafts are right. */
    DraftVerdicts ALL_RIGHT = (place, draft) -> true;

    /**
     * Whether the draft of a forced token is that token.
     *
     * @param place of the token in the reply, from 0
     * @param draft which one in its row of drafts, from 1
     */
    boolean isRight(int place, int draft);
}
