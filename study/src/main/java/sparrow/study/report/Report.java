package sparrow.study.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.app.report.ChartException;
import sparrow.app.report.JsonText;
import sparrow.app.report.Table;
import sparrow.formats.AtomicFile;

/**
 * The results of a study: facts, tables and charts, in the order in which they are added. A terminal displays tables,
 * and a page displays everything. Programs read facts and tables as one JSON object, and tables as CSV.
 */
public final class Report {
    /** File name of the page in the folder of a report. */
    public static final String PAGE = "report.html";

    private static final String HTML = ".html";

    /** An output that can contain a table. */
    public enum Form {
        TEXT,
        PAGE,
        JSON,
        CSV
    }

    private sealed interface Part {}

    private record Heading(String text) implements Part {}

    private record Paragraph(String text) implements Part {}

    private record Facts(String name, Map<String, ?> facts) implements Part {}

    private record Shown(String name, Table<?> table, Set<Form> forms) implements Part {}

    private record Picture(String name, Chart chart) implements Part {}

    private record Drawn(String html) implements Part {}

    private final String title;
    private final String style;
    private final List<Part> parts = new ArrayList<>();

    /** Creates an empty report. */
    public Report(String title) {
        this(title, "");
    }

    /**
     * Creates an empty report with a style sheet for its markup.
     *
     * @param style CSS that the page adds to its own
     */
    public Report(String title, String style) {
        this.title = title;
        this.style = style;
    }

    /** Adds a heading to the page. */
    public Report heading(String text) {
        return add(new Heading(text));
    }

    /** Adds a paragraph to the page. */
    public Report paragraph(String text) {
        return add(new Paragraph(text));
    }

    /**
     * Adds names and values to the page and to the JSON output.
     *
     * @param name key of the facts in the JSON output
     */
    public Report facts(String name, SequencedMap<String, ?> facts) {
        return add(new Facts(name, facts));
    }

    /**
     * Adds a table.
     *
     * @param name key in the JSON output, and name of the CSV file without extension
     * @param forms outputs that contain the table, or no form for all outputs
     */
    public Report table(String name, Table<?> table, Form... forms) {
        return add(new Shown(name, table, forms.length == 0 ? EnumSet.allOf(Form.class) : Set.of(forms)));
    }

    /**
     * Adds a chart to the page and as a file. A point chart without points is omitted.
     *
     * @param name name of the PNG file without extension
     */
    public Report chart(String name, Chart chart) {
        if (chart instanceof PointChart points && points.groups().isEmpty()) return this;
        return add(new Picture(name, chart));
    }

    /**
     * Adds markup to the page.
     *
     * @param html markup, in which text is {@linkplain Markup#escaped escaped}
     */
    public Report markup(String html) {
        return add(new Drawn(html));
    }

    private Report add(Part part) {
        parts.add(part);
        return this;
    }

    private List<Shown> tables(Form form) {
        return parts.stream()
                .filter(part -> part instanceof Shown shown && shown.forms().contains(form))
                .map(Shown.class::cast)
                .toList();
    }

    /** Returns the tables for a terminal, separated by empty lines. */
    public String text() {
        return tables(Form.TEXT).stream().map(shown -> shown.table().text()).collect(Collectors.joining("\n"));
    }

    /** Returns the facts and tables, by name, as one JSON object without a final newline. Keys are in snake case. */
    public String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Part part : parts) {
            switch (part) {
                case Facts(String name, Map<String, ?> facts) -> json.put(name, snakeCase(facts));
                case Shown(String name, Table<?> table, Set<Form> forms) -> {
                    if (forms.contains(Form.JSON)) json.put(name, table.json());
                }
                case Heading _, Paragraph _, Picture _, Drawn _ -> {}
            }
        }
        return JsonText.of(json);
    }

    private static Map<String, Object> snakeCase(Map<String, ?> facts) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        facts.forEach((name, value) -> renamed.put(name.replace(' ', '_'), value));
        return renamed;
    }

    /**
     * Writes {@code report.html}, {@code report.json}, and the files of tables and charts. Each file is written
     * atomically.
     *
     * @param folder output folder, created if it does not exist
     * @throws IOException if a file cannot be written
     */
    public void write(Path folder) throws IOException {
        write(folder, PAGE);
    }

    /**
     * Writes the report with another page name, which also determines the name of the JSON file.
     *
     * @param pageName file name of the page, such as index.html
     */
    public void write(Path folder, String pageName) throws IOException {
        Files.createDirectories(folder);
        for (Shown shown : tables(Form.CSV)) {
            AtomicFile.write(
                    folder.resolve(shown.name() + ".csv"), shown.table().csv());
        }
        HtmlPage page = new HtmlPage(title, style);
        for (Part part : parts) {
            switch (part) {
                case Heading(String text) -> page.heading(text);
                case Paragraph(String text) -> page.paragraph(text);
                case Facts(String name, Map<String, ?> facts) -> page.facts(facts);
                case Shown(String name, Table<?> table, Set<Form> forms) -> {
                    if (forms.contains(Form.PAGE)) page.table(table);
                }
                case Drawn(String html) -> page.markup(html);
                case Picture(String name, Chart chart) -> draw(chart, folder.resolve(name + ".png"), page);
            }
        }
        AtomicFile.write(folder.resolve(pageName.replace(HTML, ".json")), json() + "\n");
        AtomicFile.write(folder.resolve(pageName), page.text());
    }

    private static void draw(Chart chart, Path file, HtmlPage page) throws IOException {
        try {
            byte[] png = chart.png();
            AtomicFile.write(file, png);
            page.picture(png, chart.width(), chart.title());
        } catch (ChartException e) {
            // A failure to draw charts must not discard the results of a long run.
            page.paragraph(chart.title() + ": " + e.getMessage());
        }
    }
}
