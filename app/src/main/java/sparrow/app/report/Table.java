package sparrow.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table that is built column by column, and written as text for people, or as JSON or CSV with all digits for
 * programs. A CSV library would replace only the line that adds quotation marks.
 *
 * @param <R> the type of the objects shown in the rows
 */
public final class Table<R> {
    /** The kind of a column. */
    public enum Kind {
        /** Left-aligned text. */
        WORDS(""),
        /** Right-aligned numbers. */
        NUMBERS(""),
        /** Means with their standard errors. */
        MEANS("", "_se"),
        /** Medians with their quartiles. */
        QUARTILES("", "_lower", "_upper"),
        /** WAV files, which only a web page can play. */
        SOUNDS;

        private final List<String> suffixes;

        Kind(String... suffixes) {
            this.suffixes = List.of(suffixes);
        }
    }

    /**
     * A column.
     *
     * @param key the name for programs, in lower case with underscores
     * @param title the name for people, or null if only programs read the column
     * @param meaning an explanation in one sentence, or an empty string
     */
    public record Column(String key, String title, String meaning, Kind kind, List<Cell> cells) {
        private int width() {
            int widest =
                    cells.stream().mapToInt(cell -> cell.shown().length()).max().orElse(0);
            return Math.max(title.length(), widest);
        }

        private List<String> keys() {
            return kind.suffixes.stream().map(suffix -> key + suffix).toList();
        }
    }

    /**
     * A cell.
     *
     * @param shown the text for people, which may be empty
     * @param values the values for programs, one per key of the column; missing values are null
     */
    public record Cell(String shown, List<?> values) {
        private static Cell of(String shown, Object... values) {
            return new Cell(shown, Arrays.asList(values));
        }
    }

    private final List<R> rows;
    private final List<Column> columns = new ArrayList<>();
    private int size;

    /** Creates a table without columns. */
    public Table(List<R> rows) {
        this.rows = List.copyOf(rows);
        size = rows.size();
    }

    /** Returns all columns from left to right. */
    public List<Column> columns() {
        return Collections.unmodifiableList(columns);
    }

    /** Returns the number of rows. */
    public int size() {
        return size;
    }

    private Table<R> add(String key, String title, Kind kind, Function<R, Cell> cell) {
        Cell nothing = new Cell("", Collections.nCopies(kind.suffixes.size(), null));
        List<Cell> cells = new ArrayList<>();
        for (R row : rows) {
            Cell found = cell.apply(row);
            cells.add(found == null ? nothing : found);
        }
        columns.add(new Column(key, title, "", kind, cells));
        return this;
    }

    /** Adds a text column. A null value results in an empty cell. */
    public Table<R> words(String key, String title, Function<R, String> words) {
        return add(key, title, Kind.WORDS, row -> {
            String found = words.apply(row);
            return found == null || found.isEmpty() ? null : Cell.of(found, found);
        });
    }

    /** Adds a column of numbers with the given number of decimals. Null, NaN and infinity result in an empty cell. */
    public Table<R> number(String key, String title, int decimals, Function<R, ? extends Number> number) {
        return number(key, title, value -> rounded(value, decimals), number);
    }

    /** Adds a column of numbers with a custom format. Null, NaN and infinity result in an empty cell. */
    public Table<R> number(
            String key, String title, DoubleFunction<String> form, Function<R, ? extends Number> number) {
        return add(key, title, Kind.NUMBERS, row -> {
            Number found = number.apply(row);
            return found == null || !Double.isFinite(found.doubleValue())
                    ? null
                    : Cell.of(form.apply(found.doubleValue()), found);
        });
    }

    /** Adds a column of means. A mean without a value results in an empty cell. */
    public Table<R> mean(String key, String title, int decimals, Function<R, Mean> mean) {
        return add(key, title, Kind.MEANS, row -> {
            Mean found = mean.apply(row);
            if (found == null || found.value() == null) return null;
            String value = rounded(found.value(), decimals);
            return found.standardError() == null
                    ? Cell.of(value, found.value(), null)
                    : Cell.of(
                            value + " ± " + rounded(found.standardError(), decimals),
                            found.value(),
                            found.standardError());
        });
    }

    /** Adds a column of medians with their quartiles. Null results in an empty cell. */
    public Table<R> quartiles(String key, String title, int decimals, Function<R, Quartiles> quartiles) {
        return add(key, title, Kind.QUARTILES, row -> {
            Quartiles found = quartiles.apply(row);
            if (found == null) return null;
            String shown = rounded(found.median(), decimals) + "  (" + rounded(found.lower(), decimals) + " .. "
                    + rounded(found.upper(), decimals) + ")";
            return Cell.of(shown, found.median(), found.lower(), found.upper());
        });
    }

    /**
     * Adds a column of medians, whose value for programs is an object with all quartiles. Null results in an empty cell.
     */
    public Table<R> median(String key, String title, DoubleFunction<String> form, Function<R, Quartiles> quartiles) {
        return add(key, title, Kind.NUMBERS, row -> {
            Quartiles found = quartiles.apply(row);
            return found == null ? null : Cell.of(form.apply(found.median()), found);
        });
    }

    /** Adds a column of medians, as {@link #median} does, and a column without a title that shows their quartiles. */
    public Table<R> spread(String key, String title, DoubleFunction<String> form, Function<R, Quartiles> quartiles) {
        return median(key, title, form, quartiles).column(key, "", Kind.WORDS, quartiles, row -> {
            Quartiles found = quartiles.apply(row);
            return found == null ? "" : "(" + form.apply(found.lower()) + " .. " + form.apply(found.upper()) + ")";
        });
    }

    /**
     * Adds a column with separate functions for the value for programs and for the text for people.
     *
     * @param value returns the value, which may be an object, or null if programs should read nothing
     */
    public Table<R> column(String key, String title, Kind kind, Function<R, ?> value, Function<R, String> shown) {
        return add(key, title, kind, row -> Cell.of(shown.apply(row), value.apply(row)));
    }

    /** Adds a column of recordings. Null results in an empty cell. */
    public Table<R> sound(String title, Function<R, byte[]> wav) {
        return add(title, title, Kind.SOUNDS, row -> {
            byte[] found = wav.apply(row);
            return found == null ? null : Cell.of("", found);
        });
    }

    /** Adds a column of text or numbers that only programs read. Null, NaN and infinity result in an empty cell. */
    public Table<R> data(String key, Function<R, ?> value) {
        return add(key, null, Kind.WORDS, row -> {
            Object found = value.apply(row);
            return found instanceof Double number && !Double.isFinite(number) ? null : Cell.of("", found);
        });
    }

    /** Sets the explanation of the column that was added last, one sentence. */
    public Table<R> meaning(String sentence) {
        Column last = columns.removeLast();
        columns.add(new Column(last.key(), last.title(), sentence, last.kind(), last.cells()));
        return this;
    }

    /** Appends the rows of a table with the same columns. Columns can no longer be added afterwards. */
    public Table<R> append(Table<R> more) {
        for (int i = 0; i < columns.size(); i++)
            columns.get(i).cells().addAll(more.columns.get(i).cells());
        size += more.size;
        return this;
    }

    /** Removes columns whose cells are all empty. */
    public Table<R> dropEmptyColumns() {
        columns.removeIf(column ->
                column.cells().stream().allMatch(cell -> cell.values().stream().allMatch(value -> value == null)));
        return this;
    }

    /** Returns the columns that are shown to people. */
    public List<Column> shown() {
        return columns.stream().filter(column -> column.title() != null).toList();
    }

    /** Returns lines for a terminal, starting with the titles. Each column has at least the given width. */
    public List<String> lines(int width) {
        List<Column> shown = shown();
        return IntStream.range(-1, size)
                .mapToObj(row -> shown.stream()
                        .map(column -> padded(
                                row < 0
                                        ? column.title()
                                        : column.cells().get(row).shown(),
                                Math.max(width, column.width()),
                                column.kind()))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .toList();
    }

    private static String padded(String cell, int width, Kind kind) {
        String space = " ".repeat(width - cell.length());
        return kind == Kind.NUMBERS || kind == Kind.MEANS ? space + cell : cell + space;
    }

    /** Returns the lines as text, with a line feed after each line. */
    public String text() {
        return String.join("\n", lines(0)) + "\n";
    }

    /** Returns the rows as maps from keys to values, without missing values. */
    public List<Map<String, Object>> json() {
        List<Map<String, Object>> json = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (Column column : columns) {
                List<String> keys = column.keys();
                List<?> values = column.cells().get(row).values();
                for (int i = 0; i < keys.size(); i++) {
                    if (values.get(i) != null) object.put(keys.get(i), values.get(i));
                }
            }
            json.add(object);
        }
        return json;
    }

    /** Returns the table as CSV (RFC 4180 with line feeds): a line of keys, then one line per row. */
    public String csv() {
        List<String> keys =
                columns.stream().flatMap(column -> column.keys().stream()).toList();
        StringBuilder csv = new StringBuilder(String.join(",", keys)).append('\n');
        for (Map<String, Object> row : json()) {
            csv.append(keys.stream().map(key -> quoted(row.get(key))).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return csv.toString();
    }

    private static String quoted(Object value) {
        String text = value == null ? "" : value.toString();
        return text.matches("(?s).*[\",\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static String rounded(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
