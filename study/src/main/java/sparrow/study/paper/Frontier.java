package sparrow.study.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.app.report.Table;
import sparrow.study.compare.PolicyResult;
import sparrow.study.report.PointChart;
import sparrow.study.report.PointChart.Point;
import sparrow.study.report.Report;

/**
 * The section of the page that compares all exit policies by their depth, and front-loaded schedules with {@code even}.
 *
 * @param chosen whether the number of early exits was chosen on held-out questions
 */
record Frontier(Claims claims, boolean chosen) {
    /** Percentage of identical replies at which kinds of policies are compared. */
    private static final double KEPT = 95;

    /**
     * A front-loaded schedule and {@code even} with the same exit layer.
     *
     * @param onlyFront number of facts whose replies are identical to full depth with the front-loaded schedule only
     * @param onlyEven number of facts whose replies are identical to full depth with {@code even} only
     */
    record Pair(PolicyResult front, PolicyResult even, int onlyFront, int onlyEven) {
        static Pair of(PolicyResult front, PolicyResult even, PolicyResult fullDepth) {
            Map<Object, Boolean> byFront = identical(front, fullDepth);
            Map<Object, Boolean> byEven = identical(even, fullDepth);
            List<Object> differing = byFront.keySet().stream()
                    .filter(fact -> !byFront.get(fact).equals(byEven.get(fact)))
                    .toList();
            int onlyFront = (int) differing.stream().filter(byFront::get).count();
            return new Pair(front, even, onlyFront, differing.size() - onlyFront);
        }

        /** Returns the facts of a policy, with whether all replies are those of full depth. */
        private static Map<Object, Boolean> identical(PolicyResult row, PolicyResult fullDepth) {
            Map<String, String> expected = new HashMap<>();
            fullDepth.replies().forEach(reply -> expected.put(reply.question().toString(), reply.sha256()));
            Map<Object, Boolean> identical = new HashMap<>();
            row.replies()
                    .forEach(reply -> identical.merge(
                            reply.question().fact(),
                            reply.sha256().equals(expected.get(reply.question().toString())),
                            Boolean::logicalAnd));
            return identical;
        }

        /** Returns the exact interval of McNemar's test, whose null hypothesis is 50 %, or null if nothing differs. */
        Evidence share() {
            int facts = onlyFront + onlyEven;
            return facts == 0 ? null : new Evidence.Share(onlyFront, facts);
        }

        private String sentence() {
            String counts =
                    "With exits after layer %d, %s reads %.2f layers for a speech position and keeps %d of %d replies; even reads %.2f and keeps %d."
                            .formatted(
                                    layer(),
                                    name(),
                                    front.all().depth().speechLayersRead(),
                                    front.all().difference().same(),
                                    front.all().difference().questions(),
                                    even.all().depth().speechLayersRead(),
                                    even.all().difference().same());
            if (share() == null) return counts;
            Evidence.Interval interval = share().interval();
            String decided =
                    interval.low() > 50 ? "it keeps more" : interval.high() < 50 ? "even keeps more" : "inconclusive";
            return counts
                    + " Facts whose replies only one of them keeps: %d, of which %s keeps %.0f %% (%.0f to %.0f): %s."
                            .formatted(
                                    share().facts(), name(), share().value(), interval.low(), interval.high(), decided);
        }

        private int layer() {
            return front.policy().plan().speech().exitLayers().getFirst();
        }

        /** Returns the pattern with its runs counted, such as {@code E×11 F×15}. */
        private String name() {
            return shortened(front).replaceFirst(":.*", "");
        }
    }

    /** Returns a policy's notation, with the runs of a front-loaded pattern counted. */
    static String shortened(PolicyResult row) {
        String policies = row.policies();
        if (!policies.startsWith("EE")) return policies;
        int full = policies.indexOf('F');
        return "E×" + full + " F×" + (policies.indexOf(':') - full) + policies.substring(policies.indexOf(':'));
    }

    void addTo(Report page) {
        page.heading("Depth and identical replies")
                .paragraph(
                        "Depth is the number of layers read for a speech position. For the confidence rule, it includes the"
                                + " heads that were evaluated and not used, in layers. Labels are exit layers and thresholds. "
                                + keeping())
                .chart(
                        "frontier-same",
                        new PointChart(
                                "Replies identical to full depth", "layers read for a speech token", "%", same()))
                .chart(
                        "frontier-wer",
                        new PointChart("Word errors of the speech", "layers read for a speech token", "WER, %", wer()));
        List<Pair> pairs = pairs();
        if (pairs.isEmpty()) return;
        page.heading("Where early exits cost least")
                .paragraph(
                        "The paper's schedules spread early exits evenly over a chunk. A front-loaded schedule, which the"
                                + " paper does not contain, exits at the first positions of each chunk. "
                                + (chosen
                                        ? "%s was chosen on held-out questions: it keeps the most replies of the candidates with %s early exits that read at most as many layers as even. "
                                                .formatted(
                                                        pairs.getFirst().name(),
                                                        FrontLoaded.CANDIDATES.stream()
                                                                .sorted()
                                                                .map(String::valueOf)
                                                                .collect(Collectors.joining(", ")))
                                        : "")
                                + pairs.stream().map(Pair::sentence).collect(Collectors.joining(" ")))
                .table("front_loaded", table(pairs));
    }

    private List<Pair> pairs() {
        return claims.results(claims.cases().front()).stream()
                .map(row -> Pair.of(
                        row,
                        claims.rows().get(row.policies().replaceFirst(".*:", "even:")),
                        claims.rows().get("none")))
                .toList();
    }

    /** Returns the policies of the chart, by kind. */
    private SequencedMap<String, List<PolicyResult>> kinds() {
        SequencedMap<String, List<PolicyResult>> kinds = new LinkedHashMap<>();
        kinds.put("full depth", List.of(claims.rows().get("none")));
        Stream.of("fixed", "even", "odd", "triple", "conf").forEach(kind -> kinds.put(kind, claims.results(kind)));
        kinds.put("front-loaded", claims.results(claims.cases().front()));
        kinds.put("verified", claims.results(List.of(claims.cases().verified())));
        return kinds;
    }

    private SequencedMap<String, List<Point>> same() {
        SequencedMap<String, List<Point>> points = new LinkedHashMap<>();
        kinds().forEach((kind, rows) -> points.put(
                kind,
                rows.stream()
                        .map(row -> new Point(claims.cost(row), kept(row), label(row)))
                        .toList()));
        return points;
    }

    private SequencedMap<String, List<Point>> wer() {
        SequencedMap<String, List<Point>> points = new LinkedHashMap<>();
        kinds().forEach((kind, rows) -> points.put(
                kind,
                rows.stream()
                        .map(row -> Point.of(
                                claims.cost(row), row.all().wordErrorRate().mean(), label(row)))
                        .toList()));
        return points;
    }

    private static String label(PolicyResult row) {
        return row.policies().replaceFirst("[^:]*:?", "").replace("+verify", "");
    }

    /** Returns the percentage of replies that are identical to full depth. */
    private static double kept(PolicyResult row) {
        if (row.policies().equals("none")) return 100;
        return 100.0 * row.all().difference().same() / row.all().difference().questions();
    }

    /** Returns the lowest depth of each kind at which most replies stay identical. */
    private String keeping() {
        List<PolicyResult> cheapest = new ArrayList<>();
        kinds().values()
                .forEach(rows -> rows.stream()
                        .filter(row -> kept(row) >= KEPT)
                        .min(Comparator.comparingDouble(claims::cost))
                        .ifPresent(cheapest::add));
        return "Lowest depth of each kind at which at least %.0f %% of the replies are identical: %s."
                .formatted(
                        KEPT,
                        cheapest.stream()
                                .sorted(Comparator.comparingDouble(claims::cost))
                                .map(row -> "%s %.2f".formatted(shortened(row), claims.cost(row)))
                                .collect(Collectors.joining(", ")));
    }

    private static Table<Pair> table(List<Pair> pairs) {
        return new Table<>(pairs)
                .number("layer", "layer", 0, Pair::layer)
                .number(
                        "front_layers",
                        "layers",
                        2,
                        pair -> pair.front().all().depth().speechLayersRead())
                .number(
                        "even_layers",
                        "even's",
                        2,
                        pair -> pair.even().all().depth().speechLayersRead())
                .number(
                        "front_same",
                        "same",
                        0,
                        pair -> pair.front().all().difference().same())
                .number(
                        "even_same",
                        "even's",
                        0,
                        pair -> pair.even().all().difference().same())
                .number("only_front", "only it", 0, Pair::onlyFront)
                .meaning("Facts whose replies are identical to full depth with this schedule and not with even.")
                .number("only_even", "only even", 0, Pair::onlyEven)
                .mean("wer", "Δ WER", 1, pair -> pair.front().minus(pair.even()).wer())
                .meaning("Front-loaded minus even.")
                .mean("mos", "Δ MOS", 3, pair -> pair.front().minus(pair.even()).mos())
                .meaning("Front-loaded minus even.")
                .dropEmptyColumns();
    }
}
