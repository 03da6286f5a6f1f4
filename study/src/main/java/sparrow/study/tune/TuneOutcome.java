package sparrow.study.tune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.app.report.Table;
import sparrow.study.report.Report;
import sparrow.study.report.StudyCounts;

/**
 * The results of tuning.
 *
 * @param chosen policy with the largest saving within the budget, or empty if no saving is positive
 * @param counts counts of the readings and of the sweep
 * @param facts properties of the sweep, by name
 */
public record TuneOutcome(
        Budget budget, Sweep sweep, Optional<Measured> chosen, StudyCounts counts, SequencedMap<String, String> facts) {
    static TuneOutcome of(Budget budget, Sweep sweep, StudyCounts counts, SequencedMap<String, String> facts) {
        return new TuneOutcome(budget, sweep, sweep.choose(budget), counts, facts);
    }

    /** Returns the report with one row for full depth and one row per candidate, including {@code sweep.csv}. */
    public Report report() {
        List<Measured> rows = new ArrayList<>(sweep.policies());
        rows.addFirst(sweep.fullDepth());
        Table<Measured> table = new Table<>(rows)
                .words("policy", "exit policy", Measured::policies)
                .meaning("The policy of speech positions, unless it starts with text.")
                .number("speech_exit", "speech exit", 2, Measured::averageExit)
                .meaning("Average exit layer of speech positions.")
                .number("depth_saved_percent", "saved %", 1, row -> 100 * row.depthSaved())
                .meaning(
                        "Percentage of layer reads saved at speech positions, or at all positions if a candidate lets text"
                                + " exit.")
                .number("layers_read", "layers read", 2, Measured::layersRead)
                .meaning("Layers read per token of text or speech.")
                .number("cost", "cost", 2, row -> budget instanceof Budget.Exact exact ? exact.cost(row) : null)
                .meaning(
                        "Time for a token in units of reading a layer for one row, with the measured cost of additional rows.");
        for (Quality quality : Quality.values()) {
            table.number(quality.toString(), quality.title(), quality.decimals(), row -> row.quality(quality))
                    .meaning(quality.meaning());
        }
        table.words("verdict", "budget " + budget, this::verdict)
                .meaning("Whether the policy meets the budget (kept) or not (broken).");
        SequencedMap<String, String> all = new LinkedHashMap<>();
        all.put("budget", budget.toString());
        all.put("chosen", chosen.map(Measured::policies).orElse("none"));
        budget.measuredRowCost().ifPresent(cost -> all.put("row_cost", cost));
        all.putAll(facts);
        Report report = new Report("An exit policy within " + budget)
                .facts("facts", all)
                .table("sweep", table.dropEmptyColumns());
        return counts.addTo(report);
    }

    private String verdict(Measured row) {
        if (row.equals(sweep.fullDepth())) return "";
        if (chosen.filter(row::equals).isPresent()) return "kept; chosen";
        return budget.allows(row, sweep.fullDepth()) ? "kept" : "broken";
    }
}
