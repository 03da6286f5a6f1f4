package sparrow.engine.decode;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What rows cost with one model: given, or measured when it is first asked for. Who decodes by it decides by this table alone,
 * so a run that gets the table of another one decides as that one did.
 *
 * <p>Safe for several threads.
 */
public final class RowTable {
    /** Up to one more than the longest row of drafts that is considered. */
    private static final SortedSet<Integer> ROWS = new TreeSet<>(List.of(1, 2, 3, 4, 6, AdaptiveDraft.MOST_DRAFTS + 1));

    private static final int ROUNDS = 2;

    private RowCosts costs;

    /** A table that is still to be measured. */
    public RowTable() {}

    /** Takes these costs from now on. */
    public synchronized void use(RowCosts given) {
        costs = given;
    }

    /** What has been given or measured so far. */
    public synchronized Optional<RowCosts> known() {
        return Optional.ofNullable(costs);
    }

    /** The costs of the model whose table this is. The first time takes as long as some fifty of its tokens. */
    synchronized RowCosts of(LanguageModel model) {
        if (costs == null) costs = RowMeter.measure(model, ROWS, ROUNDS);
        return costs;
    }
}
