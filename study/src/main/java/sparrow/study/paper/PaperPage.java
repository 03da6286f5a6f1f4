package sparrow.study.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.engine.interleave.Modality;
import sparrow.study.compare.CompareCharts;
import sparrow.study.compare.PolicyResult;
import sparrow.study.compare.SampleReply;
import sparrow.study.layers.LayerReport;
import sparrow.study.layers.LayerTable;
import sparrow.study.paper.Claim.Bound;
import sparrow.study.paper.Claim.Finding;
import sparrow.study.report.Markup;
import sparrow.study.report.PointChart;
import sparrow.study.report.PointChart.Point;
import sparrow.study.report.Report;
import sparrow.study.scoring.ScoringPlan;

/**
 * The page of the paper's experiments: the headline, a card for each claim, replies to listen to, and tables.
 *
 * @param heldOut policies from which the layers were chosen, or empty if the published layers are used
 * @param samples replies to the first questions, question by question
 * @param facts settings and origin, by name
 */
record PaperPage(
        Claims claims,
        List<PolicyResult> heldOut,
        LayerReport layers,
        List<SampleReply> samples,
        SequencedMap<String, String> facts) {
    /** An operating point of the paper, or of this model. */
    private record OperatingPoint(String model, String row, String policy, String exit, String saved) {}

    Report report() {
        Report page = new Report("SPAR-K with " + claims.model().name(), PaperStyle.CSS);
        page.markup(firstScreen());
        List<Claim> listed = claims.all();
        for (int i = 0; i < listed.size(); i++) {
            page.markup(ClaimCard.begin(i + 1, listed.get(i)));
            figure(page, listed.get(i).figure());
            page.markup(ClaimCard.end(i < 2 ? "layers" : "listen"));
        }
        page.table("claims", claimTable(), Report.Form.TEXT, Report.Form.JSON, Report.Form.CSV)
                .table("findings", findingTable(), Report.Form.JSON, Report.Form.CSV);
        new Frontier(claims, !heldOut.isEmpty()).addTo(page);
        strips(page);
        tableTwo(page);
        layerStudy(page);
        method(page);
        return page;
    }

    private String firstScreen() {
        List<Claim> listed = claims.all();
        StringBuilder marks = new StringBuilder();
        for (int i = 0; i < listed.size(); i++) {
            marks.append("<li><a href=\"#claim-%d\" class=\"%s\">%s</a></li>"
                    .formatted(
                            i + 1,
                            ClaimCard.style(listed.get(i).verdict()),
                            ClaimCard.mark(listed.get(i).verdict()) + " " + (i + 1)));
        }
        return """
                <section class="first">
                <p>Does a spoken language model answer as well if part of its speech tokens skip the upper layers? %s was asked %s.
                Each claim of the paper (arXiv 2603.09215) is quoted below, with this model's measurements and a verdict,
                which applies to this model and these questions.</p>
                <p class="headline">%s</p>
                <ol class="marks">%s</ol>
                <p class="origin">%s</p>
                %s
                </section>""".formatted(
                        Markup.escaped(claims.model().name()),
                        Markup.escaped(asked()),
                        Markup.escaped(claims.headline()),
                        marks,
                        Markup.escaped(facts.get("version") + " · " + counted()),
                        ScheduleFigure.of(claims.schedulePlan(), claims.last()));
    }

    private String asked() {
        int questions = claims.results(claims.cases().table()).getFirst().all().questions();
        return questions + " questions with each of " + claims.rows().size() + " exit policies";
    }

    private String counted() {
        return claims.counts().entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Adds the figure of a claim, if a chart shows more than its intervals do. */
    private void figure(Report page, Claim.Figure figure) {
        List<PolicyResult> schedules = claims.results(claims.cases().schedules());
        switch (figure) {
            case MOS_OF_LAYERS ->
                page.chart(
                        "layers-mos",
                        new PointChart(
                                "Opinion score of each layer's audio",
                                "layer",
                                "MOS",
                                layerPoints(LayerTable.Row::mos)));
            case WER_OF_LAYERS ->
                page.chart(
                        "layers-wer",
                        new PointChart(
                                "Word errors of each layer's audio and text",
                                "layer",
                                "WER, %",
                                layerPoints(LayerTable.Row::wer)));
            case THRESHOLDS ->
                CompareCharts.add(page, "thresholds-", ", by confidence", claims.confidenceAndEven(), PaperCases::kind);
            case EXIT_LAYERS -> CompareCharts.add(page, "schedules-", ", by schedule", schedules, PaperCases::kind);
            case NONE -> {}
        }
    }

    private void strips(Report page) {
        page.markup("<h2 id=\"listen\">Listen</h2>")
                .paragraph(
                        "The first 26 speech positions of three replies. F: full depth. E: early exit; with +verify, the early"
                                + " token is a draft that the next F accepts or replaces. Outlined: the token differs from the"
                                + " full-depth reply's token at this position.")
                .markup(new ExitStrips(samples, claims.last()).html(claims.stripPolicies()));
    }

    private void method(Report page) {
        page.heading("Method")
                .paragraph(
                        "The unit is the fact: replies to several forms of a question are one observation. ± is a standard error"
                                + " over facts, and Δ a difference from full depth over the same questions. Verdicts use the 95 %"
                                + " intervals in brackets: exact ones of counts, and Student's of means, after one fact more was"
                                + " observed with the most extreme value. A claim holds if each interval lies within its bound, does"
                                + " not hold if one lies outside, and is inconclusive otherwise, with the number of facts that would"
                                + " decide it at the same rates.")
                .paragraph(unmeasured())
                .facts("facts", facts);
    }

    /** Returns the scores missing from the page, with the options that measure them. */
    private String unmeasured() {
        List<String> missing = new ArrayList<>();
        if (facts.get("opinion").equals(ScoringPlan.NONE)) missing.add("MOS (--mos)");
        if (facts.get("recogniser").equals(ScoringPlan.NONE)) missing.add("WER and speech points (--asr)");
        if (facts.get("judge").equals(ScoringPlan.NONE)) missing.add("points (--judge)");
        return missing.isEmpty()
                ? "MOS, WER and points were measured by the scorers below."
                : "Not measured: " + String.join("; ", missing) + ".";
    }

    private Table<Claim> claimTable() {
        return new Table<>(claims.all())
                .words("section", "section", Claim::section)
                .words("claim", "the paper", Claim::paper)
                .words("here", "this model", Claim::here)
                .words("rule", "rule", Claim::rule)
                .words("verdict", "verdict", Claim::verdictInWords);
    }

    private Table<Measured> findingTable() {
        List<Measured> all = new ArrayList<>();
        List<Claim> listed = claims.all();
        for (int i = 0; i < listed.size(); i++) {
            for (Finding finding : listed.get(i).findings()) all.add(new Measured(i + 1, finding));
        }
        return new Table<>(all)
                .data("claim", Measured::claim)
                .data("of", measured -> measured.finding().of())
                .data("metric", measured -> measured.finding().metric())
                .data("value", measured -> measured.evidence(Evidence::value))
                .data(
                        "low",
                        measured -> measured.evidence(
                                evidence -> evidence.interval().low()))
                .data(
                        "high",
                        measured -> measured.evidence(
                                evidence -> evidence.interval().high()))
                .data("facts", measured -> measured.evidence(Evidence::facts))
                .data(
                        "at_most",
                        measured -> measured.finding().bound() instanceof Bound.AtMost(double margin) ? margin : null)
                .data(
                        "more_than",
                        measured ->
                                measured.finding().bound() instanceof Bound.MoreThan(double margin) ? margin : null);
    }

    /** A finding with the number of its claim, from 1. */
    private record Measured(int claim, Finding finding) {
        <T> T evidence(Function<Evidence, T> value) {
            return finding.evidence() == null ? null : value.apply(finding.evidence());
        }
    }

    private void layerStudy(Report page) {
        page.markup("<h2 id=\"layers\">4.1 Layers (Table 1)</h2>")
                .paragraph(
                        "Full-depth replies to the first set. At each position, the heads of lower layers predict a token, too, which"
                                + " is not used for decoding. The audio of a layer is synthesised from its predictions.")
                .table("layers", layers.modalities());
        layers.addSamples(page);
    }

    private SequencedMap<String, List<Point>> layerPoints(Function<LayerTable.Row, Mean> figure) {
        SequencedMap<String, List<Point>> points = new LinkedHashMap<>();
        for (Modality modality : List.of(Modality.SPEECH, Modality.TEXT)) {
            List<Point> own = layers.table().of(modality).stream()
                    .map(row -> Point.of(row.layer(), figure.apply(row), ""))
                    .toList();
            points.put(modality == Modality.SPEECH ? "speech" : "text", own);
        }
        return points;
    }

    private void tableTwo(Report page) {
        page.heading("5.3 and 5.4 Exit policies (Table 2)");
        if (!heldOut.isEmpty()) {
            page.paragraph(
                    "Layers were chosen on held-out questions: the lowest layer within the budget for each schedule.");
            wide(page, "held_out", PolicyResult.table(heldOut));
        }
        page.table("operating_points", operatingPoints())
                .paragraph(
                        "All policies answer the same questions. Text runs at full depth unless a policy names text.")
                .table("policies", narrow(List.copyOf(claims.rows().values())), Report.Form.PAGE);
        wide(page, "table_2", PolicyResult.table(claims.results(claims.cases().table())));
        wide(
                page,
                "table_thresholds",
                PolicyResult.table(claims.results(claims.cases().thresholds())));
        wide(
                page,
                "text_exits",
                PolicyResult.table(claims.results(claims.cases().text())));
        schedules(page);
    }

    /** Adds a table that is too wide for the page as a file with a link. */
    private static void wide(Report page, String name, Table<?> table) {
        page.table(name, table, Report.Form.TEXT, Report.Form.JSON, Report.Form.CSV)
                .markup("<p class=\"listen\"><a href=\"%s.csv\">All columns: %s.csv</a></p>".formatted(name, name));
    }

    private static Table<PolicyResult> narrow(List<PolicyResult> rows) {
        return new Table<>(rows)
                .words("policies", "exit policy", Frontier::shortened)
                .meaning("E×11 F×15 is a pattern of 11 E and 15 F.")
                .number("layers", "layers", 2, row -> row.all().depth().speechLayersRead())
                .meaning("Layers read for a speech position.")
                .number(
                        "same",
                        "same",
                        0,
                        row -> row.policies().equals("none")
                                ? null
                                : row.all().difference().same())
                .meaning("Replies that are identical to the full-depth reply, token for token.")
                .mean("text", "text", 1, PolicyResult::meanTextScore)
                .meaning("Points of the replies' text.")
                .mean("heard", "speech", 1, PolicyResult::meanHeardScore)
                .meaning("Points of the transcripts of the speech.")
                .mean("wer", "WER %", 1, row -> row.all().wordErrorRate().mean())
                .mean("mos", "MOS", 2, row -> row.all().mos())
                .dropEmptyColumns();
    }

    private Table<OperatingPoint> operatingPoints() {
        List<OperatingPoint> points = new ArrayList<>(List.of(
                new OperatingPoint("Step-Audio-2-mini", "S2", "fixed:25", "25", "11"),
                new OperatingPoint("Step-Audio-2-mini", "S3", "conf:26:0.1", "26.07", "6.9"),
                new OperatingPoint("Step-Audio-2-mini", "S4 to S6", "even:22, odd:22, triple:22", "25", "11"),
                new OperatingPoint("GLM-4-Voice", "G2", "fixed:38", "38", "5"),
                new OperatingPoint("GLM-4-Voice", "G3", "conf:36:0.5", "37.03", "7.4"),
                new OperatingPoint("GLM-4-Voice", "G4 to G6", "even:36, odd:36, triple:37", "38", "5"),
                new OperatingPoint("GLM-4-Voice", "G7", "even:33", "36.5", "8.8"),
                new OperatingPoint("GLM-4-Voice", "G8", "even:35", "37 (printed; (40 + 35) / 2 = 37.5)", "7.5"),
                new OperatingPoint("GLM-4-Voice", "G9", "text=even:36", "40 (text 38)", "0"),
                new OperatingPoint("GLM-4-Voice", "G10", "text=conf:36:0.5,speech=even:36", "38 (text 38.02)", "5")));
        for (PolicyResult row : claims.results(claims.cases().table())) {
            if (!claims.choice().schedules().contains(row.policies())) continue;
            points.add(new OperatingPoint(
                    claims.model().name(),
                    row.policy().name(),
                    row.policies(),
                    Claim.shown(row.all().speechExit(), 2),
                    Claim.shown(row.all().depthSaved().times(100), 1)));
        }
        return new Table<>(points)
                .words("model", "model", OperatingPoint::model)
                .meaning("The paper's models, and this one.")
                .words("row", "row", OperatingPoint::row)
                .words("policy", "exit policy", OperatingPoint::policy)
                .words("speech_exit", "speech exit", OperatingPoint::exit)
                .meaning("Average exit layer of speech positions.")
                .words("saved", "saved %", OperatingPoint::saved)
                .meaning("Percentage of layer reads saved at speech positions.");
    }

    private void schedules(Report page) {
        List<Claims.EqualDepth> pairs = claims.equalDepths("even", "fixed");
        if (pairs.isEmpty()) return;
        String minus = "Schedule minus fixed exit.";
        Table<Claims.EqualDepth> table = new Table<>(pairs)
                .words("schedule", "schedule", pair -> pair.row().policies())
                .mean("schedule_exit", "its exit", 2, pair -> pair.row().all().speechExit())
                .words("fixed", "fixed exit", pair -> pair.other().policies())
                .mean("fixed_exit", "its exit", 2, pair -> pair.other().all().speechExit())
                .mean("text", "Δ text", 1, pair -> pair.difference().text())
                .meaning(minus)
                .mean("heard", "Δ speech", 1, pair -> pair.difference().heard())
                .meaning(minus)
                .mean("wer", "Δ WER", 1, pair -> pair.difference().wer())
                .meaning(minus)
                .mean("mos", "Δ MOS", 3, pair -> pair.difference().mos())
                .meaning(minus);
        page.heading("Schedules and fixed exits of equal depth").table("equal_depth", table.dropEmptyColumns());
    }
}
