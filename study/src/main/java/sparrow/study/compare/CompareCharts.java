package sparrow.study.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import sparrow.app.report.Mean;
import sparrow.engine.exit.ExitPolicy;
import sparrow.study.report.PointChart;
import sparrow.study.report.Report;
import sparrow.study.run.PolicyCase;

/** Charts of a comparison's results: quality over layer reads, with one line per group of policies. */
public final class CompareCharts {
    private CompareCharts() {}

    /** Adds a chart for each quality measure with results, with one line per kind of policy. */
    static void add(Report report, List<PolicyResult> rows) {
        report.paragraph("Labels are exit layers, and thresholds or numbers of consecutive drafts.");
        add(report, "", "", rows, CompareCharts::kind);
    }

    /**
     * Adds a chart for each quality measure with results.
     *
     * @param prefix prefix of chart names
     * @param suffix suffix of chart titles
     * @param group function that returns the name of a policy's line
     */
    public static void add(
            Report report, String prefix, String suffix, List<PolicyResult> rows, Function<PolicyCase, String> group) {
        record Quality(String name, String title, String unit, Function<PolicyResult, Mean> value) {}
        List<Quality> qualities = List.of(
                new Quality("score", "Points", "points", PolicyResult::score),
                new Quality(
                        "wer",
                        "Word errors of the speech",
                        "WER, %",
                        row -> row.all().wordErrorRate().mean()),
                new Quality(
                        "mos",
                        "Opinion score of the speech",
                        "predicted MOS",
                        row -> row.all().mos()));
        for (Quality quality : qualities) {
            SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
            for (PolicyResult row : rows) {
                double depth = row.all().depth().speechLayersRead();
                groups.computeIfAbsent(group.apply(row.policy()), _ -> new ArrayList<>())
                        .add(PointChart.Point.of(depth, quality.value().apply(row), label(row.policy())));
            }
            String title = quality.title() + suffix;
            report.chart(
                    prefix + quality.name(),
                    new PointChart(title, "layers read for a speech token", quality.unit(), groups));
        }
    }

    /** Returns a policy's notation without layers and thresholds. */
    private static String kind(PolicyCase row) {
        if (!row.plan().text().equals(new ExitPolicy.None())) return "with text exits";
        return row.policies().replaceFirst(":[^+]*", "");
    }

    private static String label(PolicyCase row) {
        if (!row.plan().text().equals(new ExitPolicy.None())) return row.policies();
        String policy = row.plan().speech().toString();
        return policy.substring(policy.indexOf(':') + 1).replace("none", "");
    }
}
