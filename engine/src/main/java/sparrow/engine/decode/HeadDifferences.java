package sparrow.engine.decode;

/**
 * How often all rows of the output matrix would have chosen what its speech rows cannot ({@link HeadRows.Counted}).
 *
 * @param positions speech positions that the model's own head decided
 * @param different those where a token that the format does not allow there has the largest score
 */
public record HeadDifferences(int positions, int different) {
    /** Nothing counted. */
    public static final HeadDifferences NONE = new HeadDifferences(0, 0);

    HeadDifferences with(boolean differs) {
        return new HeadDifferences(positions + 1, different + (differs ? 1 : 0));
    }
}
