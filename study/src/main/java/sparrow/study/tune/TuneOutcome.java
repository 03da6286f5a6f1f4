package sparrow.study.tune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.Table;

/**
 * What tuning found.
 *
 * @param chosen the policy that saves the most within the budget; empty if none does
 * @param perSchedule the same among the policies of each schedule; a schedule that has none is missing
 */
public record TuneOutcome(
        Budget budget, Sweep sweep, Optional<Measured> chosen, SequencedMap<String, Measured> perSchedule) {
    static TuneOutcome of(Budget budget, Sweep sweep) {
        SequencedMap<String, List<Measured>> schedules = new LinkedHashMap<>();
        for (Measured policy : sweep.policies()) {
            schedules.computeIfAbsent(schedule(policy), _ -> new ArrayList<>()).add(policy);
        }
        SequencedMap<String, Measured> best = new LinkedHashMap<>();
        schedules.forEach((schedule, policies) ->
                new Sweep(sweep.fullDepth(), policies).choose(budget).ifPresent(policy -> best.put(schedule, policy)));
        return new TuneOutcome(budget, sweep, sweep.choose(budget), best);
    }

    /** The notation of a policy without its layer and threshold. */
    private static String schedule(Measured policy) {
        return policy.plan().speech().toString().replaceFirst(":.*", "");
    }

    /** The sweep: a line for full depth, then one a candidate. */
    public Table table() {
        List<Measured> rows = new ArrayList<>(sweep.policies());
        rows.addFirst(sweep.fullDepth());
        List<Column<Measured>> columns = new ArrayList<>();
        columns.add(Column.words("policy", "exit policy", "Of speech positions.", row -> Cell.text(row.policies())));
        columns.add(Column.numbers(
                "speech_exit",
                "speech exit",
                "Average exit layer of speech positions.",
                row -> Cell.number(row.averageExit(), 2)));
        columns.add(Column.numbers(
                "depth_saved_percent",
                "saved %",
                "Share of layer readings saved at speech positions.",
                row -> Cell.number(100 * row.depthSaved(), 1)));
        columns.add(Column.numbers(
                "layers_read",
                "layers read",
                "Layers read for a token of text or speech.",
                row -> Cell.number(row.layersRead(), 2)));
        for (Quality quality : Quality.values()) {
            columns.add(
                    Column.numbers(quality.toString(), quality.title(), quality.meaning(), row -> cell(row, quality)));
        }
        columns.add(Column.words(
                "verdict", "budget " + budget, "Whether the policy keeps it.", row -> Cell.text(verdict(row))));
        return Table.of(columns, rows).withoutEmptyColumns();
    }

    private static Cell cell(Measured row, Quality quality) {
        Double value = row.quality(quality);
        return value == null ? new Cell.Nothing() : Cell.number(value, quality.decimals());
    }

    private String verdict(Measured row) {
        if (row.equals(sweep.fullDepth())) return "";
        if (chosen.filter(row::equals).isPresent()) return "kept; chosen";
        if (perSchedule.containsValue(row)) return "kept; best of " + schedule(row);
        return budget.allows(row, sweep.fullDepth()) ? "kept" : "broken";
    }
}
