package sparrow.study.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import sparrow.app.report.ChartException;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Verification;
import sparrow.study.report.PointChart;
import sparrow.study.run.PolicyCase;

/** The results of a comparison as charts: quality over layer readings, one line a kind of policy. */
final class CompareCharts {
    private CompareCharts() {}

    /** What a chart shows, and its file. */
    record Picture(String fileName, byte[] png, String caption) {}

    /** A chart for every quality that was measured. */
    static List<Picture> of(List<PolicyResult> rows) throws ChartException {
        List<Picture> pictures = new ArrayList<>();
        add(
                pictures,
                "text-score.png",
                "Points of the text",
                "points of the text",
                chart(rows, row -> row.meanTextScore().value()));
        add(
                pictures,
                "wer.png",
                "Word errors of the speech",
                "word errors, %",
                chart(rows, row -> row.all().wordErrorRate().percent()));
        add(
                pictures,
                "mos.png",
                "Opinion score of the speech",
                "predicted MOS",
                chart(rows, row -> row.all().mos().value()));
        return pictures;
    }

    private static void add(
            List<Picture> pictures,
            String fileName,
            String title,
            String unit,
            SequencedMap<String, List<PointChart.Point>> groups)
            throws ChartException {
        if (groups.isEmpty()) return;
        PointChart chart = new PointChart(title, "layers read for a speech token", unit, groups);
        pictures.add(
                new Picture(
                        fileName,
                        chart.png(),
                        title
                                + " over layers read; the numbers at the points are exit layers, and thresholds or drafts in a row."));
    }

    private static SequencedMap<String, List<PointChart.Point>> chart(
            List<PolicyResult> rows, Function<PolicyResult, Double> quality) {
        SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
        for (PolicyResult row : rows) {
            Double value = quality.apply(row);
            Double depth = row.all().compute().speechLayersRead();
            if (value == null || depth == null) continue;
            groups.computeIfAbsent(group(row.policy()), _ -> new ArrayList<>())
                    .add(new PointChart.Point(depth, value, label(row.policy())));
        }
        groups.values().forEach(points -> points.sort(Comparator.comparingDouble(PointChart.Point::x)));
        return groups;
    }

    /** The kind of policy: its notation without layer and threshold. */
    private static String group(PolicyCase row) {
        if (!row.plan().text().equals(new ExitPolicy.None())) return "with text exits";
        String policy = row.plan().speech().toString();
        int colon = policy.indexOf(':');
        String kind = colon < 0 ? policy : policy.substring(0, colon);
        SkippedKv treatment = row.plan().skippedKv();
        if (treatment != SkippedKv.FILL) return kind + ", kv " + treatment;
        boolean itsOwn = row.plan().speculates()
                ? row.plan().verification() == Verification.EXACT
                : row.plan().verification() == Verification.NONE;
        return itsOwn ? kind : kind + ", verification " + row.plan().verification();
    }

    private static String label(PolicyCase row) {
        if (!row.plan().text().equals(new ExitPolicy.None())) return row.policies();
        String policy = row.plan().speech().toString();
        return policy.substring(policy.indexOf(':') + 1).replace("none", "");
    }
}
