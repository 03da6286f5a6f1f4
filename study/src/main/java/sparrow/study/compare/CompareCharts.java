package sparrow.study.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import sparrow.app.report.Mean;
import sparrow.engine.exit.ExitPolicy;
import sparrow.study.report.PointChart;
import sparrow.study.report.Report;
import sparrow.study.run.PolicyCase;

/** The results of a comparison as charts: quality over layer readings, one line a kind of policy. */
final class CompareCharts {
    private CompareCharts() {}

    /** Adds a chart for every quality that was measured. */
    static void add(Report report, List<PolicyResult> rows) {
        report.paragraph("The numbers at the points are exit layers, and thresholds or drafts in a row.");
        add(report, "text-score", "Points of the text", "points of the text", rows, PolicyResult::meanTextScore);
        add(
                report,
                "wer",
                "Word errors of the speech",
                "word errors, %",
                rows,
                row -> row.all().wordErrorRate().mean());
        add(
                report,
                "mos",
                "Opinion score of the speech",
                "predicted MOS",
                rows,
                row -> row.all().mos());
    }

    private static void add(
            Report report,
            String name,
            String title,
            String unit,
            List<PolicyResult> rows,
            Function<PolicyResult, Mean> quality) {
        SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
        for (PolicyResult row : rows) {
            Mean value = quality.apply(row);
            double depth = row.all().depth().speechLayersRead();
            if (value.value() == null || !Double.isFinite(depth)) continue;
            groups.computeIfAbsent(group(row.policy()), _ -> new ArrayList<>())
                    .add(PointChart.Point.of(depth, value, label(row.policy())));
        }
        groups.values().forEach(points -> points.sort(Comparator.comparingDouble(PointChart.Point::x)));
        if (!groups.isEmpty()) {
            report.chart(name, new PointChart(title, "layers read for a speech token", unit, groups));
        }
    }

    /** The kind of policy: its notation without layer and threshold. */
    private static String group(PolicyCase row) {
        if (!row.plan().text().equals(new ExitPolicy.None())) return "with text exits";
        return row.policies().replaceFirst(":[^+]*", "");
    }

    private static String label(PolicyCase row) {
        if (!row.plan().text().equals(new ExitPolicy.None())) return row.policies();
        String policy = row.plan().speech().toString();
        return policy.substring(policy.indexOf(':') + 1).replace("none", "");
    }
}
