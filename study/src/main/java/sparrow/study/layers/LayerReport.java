package sparrow.study.layers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.engine.interleave.Modality;
import sparrow.study.layers.LayerSounds.LayerSound;
import sparrow.study.layers.LayerTable.Agreement;
import sparrow.study.report.HeatMap;
import sparrow.study.report.PointChart;
import sparrow.study.report.Report;
import sparrow.study.report.StudyCounts;

/**
 * The result of a layer study.
 *
 * @param facts properties of the study, by name
 * @param samples layers of the sample replies, reply by reply
 * @param counts counts of questions, replies and scores
 * @param failures one line for each question that was not asked and each audio clip without a score, with the reason
 */
public record LayerReport(
        SequencedMap<String, String> facts,
        LayerTable table,
        List<Sample> samples,
        StudyCounts counts,
        List<String> failures) {
    /**
     * A layer of a sample reply, with its audio.
     *
     * @param wav audio, or null if there is none
     */
    record Sample(String question, LayerSound layer, byte[] wav) {}

    /** Returns the tables and charts, including {@code layers.csv} and {@code places.csv}. */
    public Report report() {
        Report report = new Report("The layers below the last")
                .paragraph("Replies at full depth, to " + table.replies()
                        + " questions. The layers below the last were read at each position,"
                        + " but not used for decoding. ± is the standard error over facts.")
                .facts("facts", facts)
                .heading("By layer")
                .table("layers", modalities());
        if (!table.codebooks().isEmpty()) report.table("codebooks", codebooks());
        report.heading("Charts");
        for (Modality modality : List.of(Modality.SPEECH, Modality.TEXT)) {
            if (!table.of(modality).isEmpty()) report.chart("agreement-" + name(modality), map(modality));
        }
        report.chart(
                        "agreement",
                        curve(
                                "Agreement with the last layer",
                                "%",
                                means -> means.agreement().times(100)))
                .chart("entropy", curve("Entropy", "nats", Agreement::entropy))
                .chart("divergence", curve("Divergence from the last layer", "nats", Agreement::divergence));
        addSamples(report);
        if (!failures.isEmpty()) {
            report.heading("Failures")
                    .table(
                            "failures",
                            new Table<>(failures).words("failure", "failure", line -> line),
                            Report.Form.PAGE,
                            Report.Form.JSON);
        }
        return report.heading("By layer and chunk position")
                .table("places", places(), Report.Form.PAGE, Report.Form.JSON, Report.Form.CSV);
    }

    /** Adds the audio, the transcript and the text of each sample layer to a report. */
    public void addSamples(Report report) {
        if (samples.isEmpty()) return;
        report.heading("Listen")
                .paragraph(
                        "Each layer's own choices along a full-depth reply. A layer without a player is identical to the last one.")
                .table(
                        "layer_samples",
                        new Table<>(samples)
                                .words("question", "Question", Sample::question)
                                .number(
                                        "layer",
                                        "Layer",
                                        0,
                                        sample -> sample.layer().layer())
                                .sound("speech", Sample::wav)
                                .words(
                                        "heard",
                                        "Heard",
                                        sample -> sample.layer().heard())
                                .meaning("The recogniser's transcript.")
                                .words("text", "Text", sample -> sample.layer().text())
                                .meaning("The layer's choices at text positions.")
                                .dropEmptyColumns(),
                        Report.Form.PAGE);
    }

    /** Returns a table with one row per layer and modality, over all positions. */
    public Table<LayerTable.Row> modalities() {
        Table<LayerTable.Row> rows = new Table<>(table.modalities())
                .words("modality", "Positions", row -> name(row.modality()))
                .number("layer", "Layer", 0, LayerTable.Row::layer);
        addMeans(rows, LayerTable.Row::means);
        return rows.mean("wer_percent", "WER %", 1, LayerTable.Row::wer)
                .meaning(
                        "Word errors relative to the reply's own text, in the transcript of the layer's audio, or in the"
                                + " layer's text.")
                .mean("wer_difference", "Δ WER", 1, LayerTable.Row::werDifference)
                .meaning("Mean difference from the last layer over replies.")
                .mean("mos", "MOS", 2, LayerTable.Row::mos)
                .meaning(
                        "Predicted opinion score of the layer's audio, made from its own choices in the full-depth reply;"
                                + " mean over replies.")
                .mean("mos_difference", "Δ MOS", 3, LayerTable.Row::mosDifference)
                .meaning("Mean difference from the last layer over replies.")
                .number("failed_scores", "Failed", 0, LayerTable.Row::failedScores)
                .meaning("Number of failed scores of the recogniser and the opinion scorer.")
                .dropEmptyColumns();
    }

    /** Returns a table with one row per layer and chunk position. */
    private Table<LayerTable.Place> places() {
        Table<LayerTable.Place> places = new Table<>(table.places())
                .words("modality", "Positions", place -> name(place.modality()))
                .number("chunk_position", "Place", 0, LayerTable.Place::chunkPosition)
                .number("layer", "Layer", 0, LayerTable.Place::layer);
        addMeans(places, LayerTable.Place::means);
        return places;
    }

    /** Returns a table with one row per layer and codebook. */
    private Table<LayerTable.Codebook> codebooks() {
        return new Table<>(table.codebooks())
                .number("layer", "Layer", 0, LayerTable.Codebook::layer)
                .number("codebook", "Codebook", 0, LayerTable.Codebook::codebook)
                .meaning("Codebook of a frame, given the reply's own earlier codes.")
                .mean(
                        "agreement_percent",
                        "Agreement %",
                        1,
                        codebook -> codebook.agreement().times(100))
                .meaning("Percentage of frames for which the layer's most likely code is the last layer's.");
    }

    private static <R> void addMeans(Table<R> table, Function<R, Agreement> means) {
        table.number("positions", "Count", 0, means.andThen(Agreement::positions))
                .meaning("Number of positions.")
                .mean(
                        "agreement_percent",
                        "Agreement %",
                        1,
                        row -> means.apply(row).agreement().times(100))
                .meaning("Percentage of positions at which the layer's most likely token is the last layer's.")
                .mean(
                        "top_five_percent",
                        "Top-5 %",
                        1,
                        row -> means.apply(row).topFive().times(100))
                .meaning(
                        "Percentage of positions at which the last layer's choice is among the layer's five most likely"
                                + " tokens.")
                .mean("entropy_nats", "Entropy", 3, means.andThen(Agreement::entropy))
                .meaning("Entropy of the layer's distribution in nats.")
                .mean("divergence_nats", "KL", 3, means.andThen(Agreement::divergence))
                .meaning(
                        "Divergence from the last layer's distribution p_L to the layer's p_l: sum of p_L (ln p_L - ln p_l),"
                                + " in nats.");
    }

    private static String name(Modality modality) {
        return modality.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the agreement by layer and chunk position. */
    private HeatMap map(Modality modality) {
        List<Integer> layers = table.layers();
        List<Integer> places = table.placesOf(modality).stream()
                .map(LayerTable.Place::chunkPosition)
                .distinct()
                .sorted()
                .toList();
        double[][] values = new double[layers.size()][places.size()];
        for (LayerTable.Place place : table.placesOf(modality)) {
            values[layers.indexOf(place.layer())][places.indexOf(place.chunkPosition())] =
                    100 * place.means().agreement().value();
        }
        return new HeatMap(
                "Agreement with the last layer, " + name(modality) + ", %",
                "chunk position",
                "layer",
                places.stream().map(String::valueOf).toList(),
                layers.stream().map(String::valueOf).toList(),
                values);
    }

    private PointChart curve(String title, String unit, Function<Agreement, Mean> value) {
        SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
        for (LayerTable.Row row : table.modalities()) {
            groups.computeIfAbsent(name(row.modality()), _ -> new ArrayList<>())
                    .add(PointChart.Point.of(row.layer(), value.apply(row.means()), ""));
        }
        return new PointChart(title, "layer", unit, groups);
    }
}
