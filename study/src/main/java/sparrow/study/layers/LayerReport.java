package sparrow.study.layers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import sparrow.app.report.ChartException;
import sparrow.engine.interleave.Modality;
import sparrow.engine.weights.AtomicFile;
import sparrow.study.read.Agreement;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.HeatMap;
import sparrow.study.report.HtmlPage;
import sparrow.study.report.Mean;
import sparrow.study.report.PointChart;
import sparrow.study.report.Table;
import sparrow.study.run.RunJson;

/**
 * The layer study for people and programs.
 *
 * @param facts what was studied and how, by name
 * @param failures which questions were not asked and which sounds have no score, and why, each in one line
 */
public record LayerReport(SequencedMap<String, String> facts, LayerTable table, List<String> failures) {
    private static final String AGREEMENT =
            "Share of positions, in percent, where the layer's likeliest token is that of the" + " last layer.";

    /** What is written as JSON. */
    private record Content(Map<String, String> facts, LayerTable table, List<String> failures) {}

    /** Every layer over all speech and over all text positions. */
    public Table modalities() {
        List<Column<LayerTable.Row>> columns = new ArrayList<>();
        columns.add(Column.words("modality", "Positions", "", row -> Cell.text(name(row.modality()))));
        columns.add(Column.numbers("layer", "Layer", "", row -> Cell.number(row.layer(), 0)));
        columns.addAll(means(LayerTable.Row::means));
        columns.add(Column.estimates(
                "mos",
                "MOS",
                "Predicted opinion score of the sound of the layer's own choices in the full-depth reply, mean over replies.",
                row -> row.mos() == null ? new Cell.Nothing() : cell(row.mos(), 1, 2)));
        return Table.of(columns, table.modalities()).withoutEmptyColumns();
    }

    /** What a person is told on a terminal. */
    public String text() {
        return modalities().text() + table.outsideSpeech() + "\n";
    }

    /** Every layer at every place of the chunks. */
    public Table places() {
        List<Column<LayerTable.Place>> columns = new ArrayList<>();
        columns.add(Column.words("modality", "Positions", "", place -> Cell.text(name(place.modality()))));
        columns.add(Column.numbers("chunk_position", "Place", "", place -> Cell.number(place.chunkPosition(), 0)));
        columns.add(Column.numbers("layer", "Layer", "", place -> Cell.number(place.layer(), 0)));
        columns.addAll(means(LayerTable.Place::means));
        return Table.of(columns, table.places());
    }

    private static <R> List<Column<R>> means(Function<R, Agreement> means) {
        return List.of(
                Column.numbers(
                        "positions",
                        "Count",
                        "Positions.",
                        row -> Cell.number(means.apply(row).positions(), 0)),
                Column.estimates(
                        "agreement_percent",
                        "Agreement %",
                        AGREEMENT,
                        row -> cell(means.apply(row).agreement(), 100, 1)),
                Column.estimates(
                        "top_five_percent",
                        "Top-5 %",
                        "Share of positions, in percent, where the last layer's choice is among the layer's five likeliest"
                                + " tokens.",
                        row -> cell(means.apply(row).topFive(), 100, 1)),
                Column.estimates(
                        "entropy_nats",
                        "Entropy",
                        "Of the layer's distribution, nats.",
                        row -> cell(means.apply(row).entropy(), 1, 3)),
                Column.estimates(
                        "divergence_nats",
                        "KL",
                        "From the last layer's distribution p_L to the layer's p_l: sum of p_L (ln p_L - ln p_l), nats.",
                        row -> cell(means.apply(row).divergence(), 1, 3)));
    }

    private static Cell cell(Mean mean, double scale, int decimals) {
        if (mean.standardError() == null) return Cell.number(scale * mean.value(), decimals);
        return Cell.estimate(scale * mean.value(), scale * mean.standardError(), decimals);
    }

    private static String name(Modality modality) {
        return modality.name().toLowerCase(Locale.ROOT);
    }

    /** Agreement by layer and place of the chunk. */
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
                "place in the chunk",
                "layer",
                places.stream().map(String::valueOf).toList(),
                layers.stream().map(String::valueOf).toList(),
                values);
    }

    private PointChart curve(String title, String unit, ToDoubleFunction<Agreement> value) {
        SequencedMap<String, List<PointChart.Point>> groups = new LinkedHashMap<>();
        for (LayerTable.Row row : table.modalities()) {
            groups.computeIfAbsent(name(row.modality()), key -> new ArrayList<>())
                    .add(new PointChart.Point(row.layer(), value.applyAsDouble(row.means()), ""));
        }
        return new PointChart(title, "layer", unit, groups);
    }

    /** The pictures, by the name of their file. */
    private SequencedMap<String, byte[]> pictures() throws ChartException {
        SequencedMap<String, byte[]> pictures = new LinkedHashMap<>();
        for (LayerTable.Row row : table.modalities()) {
            String file = "agreement-" + name(row.modality()) + ".png";
            if (!pictures.containsKey(file))
                pictures.put(file, map(row.modality()).png());
        }
        pictures.put(
                "agreement.png",
                curve(
                                "Agreement with the last layer",
                                "%",
                                means -> 100 * means.agreement().value())
                        .png());
        pictures.put(
                "entropy.png",
                curve("Entropy", "nats", means -> means.entropy().value()).png());
        pictures.put(
                "divergence.png",
                curve(
                                "Divergence from the last layer",
                                "nats",
                                means -> means.divergence().value())
                        .png());
        return pictures;
    }

    /**
     * Writes {@code layers.csv}, {@code places.csv}, {@code layers.json}, {@code layers.html} and the pictures, each whole
     * or not at all.
     *
     * @throws IOException if one cannot be written or drawn
     */
    public void write(Path folder) throws IOException {
        AtomicFile.write(folder.resolve("layers.csv"), modalities().csv());
        AtomicFile.write(folder.resolve("places.csv"), places().csv());
        AtomicFile.write(folder.resolve("layers.json"), json());
        AtomicFile.write(folder.resolve("layers.html"), page(folder).text());
    }

    /** Everything as one JSON object. */
    public String json() {
        return RunJson.text(new Content(facts, table, failures));
    }

    private HtmlPage page(Path folder) throws IOException {
        HtmlPage page = new HtmlPage("What the layers would have said");
        page.paragraph("Replies at full depth, to " + table.replies() + " questions. At every position the layers below"
                + " were asked as well, but never followed. ± is the standard error over replies.");
        page.facts(facts);
        page.heading("By layer").table(modalities()).meanings(modalities());
        page.paragraph("The last layer's " + table.outsideSpeech()
                + " positions: its likeliest token there is neither speech nor" + " an end.");
        page.heading("Pictures");
        pictures(page, folder);
        if (!failures.isEmpty()) {
            page.heading("What is missing");
            for (String failure : failures) page.paragraph(failure);
        }
        page.heading("By layer and place in the chunk").table(places());
        return page;
    }

    private void pictures(HtmlPage page, Path folder) throws IOException {
        try {
            for (Map.Entry<String, byte[]> picture : pictures().entrySet()) {
                AtomicFile.write(folder.resolve(picture.getKey()), picture.getValue());
                page.picture(picture.getValue(), width(picture.getKey()), picture.getKey());
            }
        } catch (ChartException e) {
            // The figures of hours are worth more than their charts.
            page.paragraph(e.getMessage());
        }
    }

    private static int width(String file) {
        return file.startsWith("agreement-") ? HeatMap.WIDTH : PointChart.WIDTH;
    }
}
