package sparrow.study.paper;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.engine.interleave.Modality;
import sparrow.study.compare.CompareOutcome;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerReport;
import sparrow.study.layers.LayerTable;
import sparrow.study.report.PointChart;
import sparrow.study.report.PointChart.Point;
import sparrow.study.report.Report;
import sparrow.study.scoring.ScoringPlan;

/**
 * The page of the paper's experiments, laid out as the paper.
 *
 * @param heldOut the comparison that chose the layers; empty if they are the published ones
 * @param facts of the settings and the origin, by name
 */
record PaperPage(
        Claims claims, Optional<CompareOutcome> heldOut, LayerReport layers, SequencedMap<String, String> facts) {
    /** An operating point of the paper, or of this model. */
    private record OperatingPoint(String model, String row, String policy, String exit, String saved) {}

    Report report() {
        Report page = new Report("SPAR-K with " + claims.setup().model().name())
                .paragraph(
                        "The experiments of arXiv 2603.09215, repeated with one command. Each claim of the paper stands beside"
                                + " the figures of this model, and has a verdict: it holds, does not hold, or cannot be decided here. A"
                                + " verdict is about this model and these questions. Of the paper's figures the page has exit layers, average"
                                + " depths and those of its abstract, not the scores of single rows.")
                .paragraph(
                        "± is a standard error. Δ is a difference from full depth over the same questions, with the error of the"
                                + " differences; two errors decide. Where no reply of n differs, three could differ unseen (95 %), and"
                                + " 300 / n percent take the place of two errors. Points are those of the transcripts where all replies were transcribed,"
                                + " as in the paper, else those of the text.")
                .paragraph(unmeasured())
                .facts("facts", facts)
                .heading("Claims")
                .table("claims", claims(null));
        layerStudy(page);
        tableTwo(page);
        schedules(page);
        sweeps(page);
        text(page);
        return page;
    }

    /** The scores that the page lacks, and the options that measure them. */
    private String unmeasured() {
        List<String> missing = new ArrayList<>();
        if (facts.get("opinion").equals(ScoringPlan.NONE)) missing.add("MOS (--mos)");
        if (facts.get("recogniser").equals(ScoringPlan.NONE)) missing.add("WER and points of speech (--asr)");
        if (facts.get("judge").equals(ScoringPlan.NONE)) missing.add("points (--judge)");
        return missing.isEmpty()
                ? "MOS, WER and points were measured by the scorers below."
                : "Not measured: " + String.join("; ", missing) + ".";
    }

    private Table<Claim> claims(String section) {
        return new Table<>(claims.all().stream()
                        .filter(claim -> section == null || claim.section().equals(section))
                        .toList())
                .words("section", "section", "", Claim::section)
                .words("claim", "the paper", "", Claim::paper)
                .words("here", "this model", "", Claim::here)
                .words("rule", "rule", "", Claim::rule)
                .words("verdict", "verdict", "", claim -> claim.verdict().toString());
    }

    private void layerStudy(Report page) {
        page.heading("4.1 Layers (Table 1)")
                .paragraph(
                        "Full-depth replies to the first set. At each position the heads of lower layers predict as well, and"
                                + " their predictions are not followed. The sound of a layer is made of its predictions.")
                .table("layers", layers.modalities());
        curve(
                page,
                "layers-mos",
                "Opinion score of each layer's sound",
                "layer",
                "MOS",
                layerPoints(LayerTable.Row::mos));
        curve(
                page,
                "layers-wer",
                "Word errors of each layer's sound",
                "layer",
                "WER, %",
                layerPoints(LayerTable.Row::wer));
        layers.addSamples(page);
    }

    private SequencedMap<String, List<Point>> layerPoints(Function<LayerTable.Row, Mean> figure) {
        SequencedMap<String, List<Point>> points = new LinkedHashMap<>();
        for (Modality modality : List.of(Modality.SPEECH, Modality.TEXT)) {
            List<Point> own = new ArrayList<>();
            for (LayerTable.Row row : layers.table().of(modality)) {
                Mean mean = figure.apply(row);
                if (mean != null) own.add(Point.of(row.layer(), mean, ""));
            }
            if (!own.isEmpty()) points.put(modality == Modality.SPEECH ? "sound" : "text", own);
        }
        return points;
    }

    private void tableTwo(Report page) {
        page.heading("5.2 Exit policies (Table 2)");
        heldOut.ifPresent(
                outcome -> page.paragraph("Layers were chosen on held-out questions, for each schedule the lowest"
                                + " one within the budget.")
                        .table("held_out", PolicyResult.table(outcome.rows())));
        page.table("operating_points", operatingPoints())
                .paragraph("All policies answer the same questions, and text runs at full depth.")
                .table(
                        "table_2",
                        PolicyResult.table(claims.results(claims.cases().table())));
    }

    private Table<OperatingPoint> operatingPoints() {
        List<OperatingPoint> points = new ArrayList<>(List.of(
                new OperatingPoint("Step-Audio-2-mini", "S2", "fixed:25", "25", "11"),
                new OperatingPoint("Step-Audio-2-mini", "S4 to S6", "even:22, odd:22, triple:22", "25", "11"),
                new OperatingPoint("GLM-4-Voice", "G2", "fixed:38", "38", "5"),
                new OperatingPoint("GLM-4-Voice", "G4 to G6", "even:36, odd:36, triple:37", "38", "5"),
                new OperatingPoint("GLM-4-Voice", "G7", "even:33", "36.5", "8.8")));
        for (PolicyResult row : claims.results(claims.cases().table())) {
            if (!claims.choice().schedules().contains(row.policy().policies())) continue;
            points.add(new OperatingPoint(
                    claims.setup().model().name(),
                    row.policy().name(),
                    row.policy().policies(),
                    Claim.shown(row.all().speechExit(), 2),
                    Claim.shown(row.all().depthSaved().times(100), 1)));
        }
        return new Table<>(points)
                .words("model", "model", "The paper's models, and this one.", OperatingPoint::model)
                .words("row", "row", "", OperatingPoint::row)
                .words("policy", "exit policy", "", OperatingPoint::policy)
                .words("speech_exit", "speech exit", "Average exit layer of speech positions.", OperatingPoint::exit)
                .words("saved", "saved %", "Layer readings of speech that were saved.", OperatingPoint::saved);
    }

    private void schedules(Report page) {
        List<Claims.EqualDepth> pairs = claims.equalDepths();
        page.heading("5.3 Schedules and fixed exits");
        if (!pairs.isEmpty()) {
            page.table(
                    "equal_depth",
                    new Table<>(pairs)
                            .words(
                                    "schedule",
                                    "schedule",
                                    "",
                                    pair -> pair.schedule().policy().policies())
                            .mean(
                                    "schedule_exit",
                                    "its exit",
                                    "",
                                    2,
                                    pair -> pair.schedule().all().speechExit())
                            .words(
                                    "fixed",
                                    "fixed exit",
                                    "",
                                    pair -> pair.fixed().policy().policies())
                            .mean(
                                    "fixed_exit",
                                    "its exit",
                                    "",
                                    2,
                                    pair -> pair.fixed().all().speechExit())
                            .mean(
                                    "text",
                                    "Δ text",
                                    "Schedule minus fixed exit.",
                                    1,
                                    pair -> pair.difference().text())
                            .mean(
                                    "heard",
                                    "Δ speech",
                                    "Schedule minus fixed exit.",
                                    1,
                                    pair -> pair.difference().heard())
                            .mean(
                                    "wer",
                                    "Δ WER",
                                    "Schedule minus fixed exit.",
                                    1,
                                    pair -> pair.difference().wer())
                            .mean(
                                    "mos",
                                    "Δ MOS",
                                    "Schedule minus fixed exit.",
                                    3,
                                    pair -> pair.difference().mos())
                            .dropEmptyColumns());
        }
        qualities(
                page,
                "schedules",
                "by schedule",
                claims.results(claims.cases().schedules()),
                row -> PaperCases.kind(row.policy()));
        int chunk = layers.table().chunk(Modality.SPEECH);
        SequencedMap<String, List<Point>> restarts = new LinkedHashMap<>();
        for (PolicyResult row : claims.results(claims.cases().restarts())) {
            String policy = row.policy().policies();
            double length = policy.startsWith("triple") ? chunk : policy.indexOf(':');
            if (length > chunk) continue;
            restarts.computeIfAbsent("FEE", _ -> new ArrayList<>())
                    .add(Point.of(length, row.all().wordErrorRate().mean(), policy));
        }
        curve(
                page,
                "restarts",
                "Word errors by the place of the restart",
                "positions between restarts",
                "WER, %",
                restarts);
    }

    private void sweeps(Report page) {
        page.heading("5.4 Exit layers and confidence")
                .paragraph(
                        "The schedules above show the sweep of exit layers. Below, the confidence rule with several thresholds"
                                + " is compared with even schedules.");
        List<PolicyResult> rows = new ArrayList<>(claims.results(claims.cases().thresholds()));
        claims.results(claims.cases().schedules()).stream()
                .filter(row -> PaperCases.kind(row.policy()).equals("even"))
                .forEach(rows::add);
        qualities(page, "thresholds", "of confidence", rows, row -> PaperCases.kind(row.policy()));
        page.table(
                "table_thresholds",
                PolicyResult.table(claims.results(claims.cases().thresholds())));
    }

    private void text(Report page) {
        List<PolicyResult> rows = claims.results(claims.cases().text());
        page.heading("Appendix B. Text exits").table("text_exits", PolicyResult.table(rows));
    }

    /** Charts of all qualities over the depth of speech, one line for each group. */
    private void qualities(
            Report page, String name, String title, List<PolicyResult> rows, Function<PolicyResult, String> group) {
        quality(
                page,
                name + "-score",
                "Points " + title,
                "points",
                rows,
                group,
                row -> Claims.score(row.meanHeardScore(), row.meanTextScore()));
        quality(
                page,
                name + "-wer",
                "Word errors " + title,
                "WER, %",
                rows,
                group,
                row -> row.all().wordErrorRate().mean());
        quality(
                page,
                name + "-mos",
                "Opinion score " + title,
                "MOS",
                rows,
                group,
                row -> row.all().mos());
    }

    private void quality(
            Report page,
            String name,
            String title,
            String unit,
            List<PolicyResult> rows,
            Function<PolicyResult, String> group,
            Function<PolicyResult, Mean> figure) {
        SequencedMap<String, List<Point>> groups = new LinkedHashMap<>();
        for (PolicyResult row : rows) {
            String policy = row.policy().plan().speech().toString();
            groups.computeIfAbsent(group.apply(row), _ -> new ArrayList<>())
                    .add(Point.of(
                            row.all().depth().averageSpeechExit(),
                            figure.apply(row),
                            policy.substring(policy.indexOf(':') + 1)));
        }
        curve(page, name, title, "average exit layer of speech", unit, groups);
    }

    private static void curve(
            Report page, String name, String title, String x, String y, SequencedMap<String, List<Point>> groups) {
        SequencedMap<String, List<Point>> known = new LinkedHashMap<>();
        groups.forEach((group, points) -> {
            List<Point> finite = points.stream()
                    .filter(point -> Double.isFinite(point.y()))
                    .sorted(Comparator.comparingDouble(Point::x))
                    .toList();
            if (!finite.isEmpty()) known.put(group, finite);
        });
        if (!known.isEmpty()) page.chart(name, new PointChart(title, x, y, known));
    }
}
