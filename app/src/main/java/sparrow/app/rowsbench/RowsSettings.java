package sparrow.app.rowsbench;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.decode.LanguageModel;

/**
 * What to measure.
 *
 * @param rows of the passes, ascending; one row is always among them
 * @param rounds how often each of these runs
 * @param promptTokens positions before them
 * @param warmUpSeconds at most so long is the JIT waited for; 0 for no warm-up
 */
public record RowsSettings(SortedSet<Integer> rows, int rounds, int promptTokens, double warmUpSeconds) {
    /** More are prefill. */
    private static final int MOST_ROWS = 64;

    public RowsSettings {
        for (int count : rows) {
            if (count < 1 || count > MOST_ROWS) {
                throw new IllegalArgumentException("--rows: expected 1 to " + MOST_ROWS + ", got " + count);
            }
        }
        SortedSet<Integer> withOne = new TreeSet<>(rows);
        withOne.add(1);
        rows = Collections.unmodifiableSortedSet(withOne);
        if (rounds < 1) throw new IllegalArgumentException("--rounds: expected 1 or more, got " + rounds);
        if (promptTokens < 1) throw new IllegalArgumentException("--prompt: expected 1 or more, got " + promptTokens);
        if (!(warmUpSeconds >= 0) || Double.isInfinite(warmUpSeconds)) {
            throw new IllegalArgumentException("--warm-up: expected 0 or more seconds, got " + warmUpSeconds);
        }
    }

    /** Rows in any order, each once or more. */
    public RowsSettings(List<Integer> rows, int rounds, int promptTokens, double warmUpSeconds) {
        this(new TreeSet<>(rows), rounds, promptTokens, warmUpSeconds);
    }

    /** @throws IllegalArgumentException in one line if prompt and rows do not fit the model's context */
    void check(LanguageModel model) {
        int context = model.transformer().config().contextLength();
        if ((long) promptTokens + rows.last() > context) {
            throw new IllegalArgumentException("--prompt " + promptTokens + " and --rows " + rows.last()
                    + ": expected at most " + context + " together, the context of this model");
        }
    }
}
