package sparrow.app.draftbench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sparrow.engine.decode.DraftVerdicts;

/**
 * How often drafts are right if those before them in their row were.
 *
 * @param shares of the first draft of a row, the second ..., 0 to 1; the last one counts for all that follow
 */
public record Acceptance(List<Double> shares) {
    public Acceptance {
        if (shares.isEmpty()) throw new IllegalArgumentException("--accept: expected one share or more, got none");
        for (double share : shares) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("--accept: expected shares from 0 to 1, got " + share);
            }
        }
        shares = List.copyOf(shares);
    }

    /** @param draft of a row, from 1 */
    double of(int draft) {
        return shares.get(Math.min(draft, shares.size()) - 1);
    }

    /** Those of the first so many drafts of a row. */
    double[] first(int drafts) {
        return IntStream.rangeClosed(1, drafts).mapToDouble(this::of).toArray();
    }

    /** Draws one verdict after the other. The same seed draws the same ones for the same drafts. */
    DraftVerdicts verdicts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return (place, draft) -> random.nextDouble() < of(draft);
    }
}
