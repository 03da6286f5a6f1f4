package sparrow.bench.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import sparrow.app.report.Quartiles;

/**
 * The columns of a table, each with a JSON key. Column widths are determined by the widest cell.
 *
 * @param <R> type of the objects displayed in rows
 */
public final class BenchTable<R> {
    private final List<Column<R>> columns = new ArrayList<>();
    private final Map<String, Function<R, ?>> values = new LinkedHashMap<>();

    private record Column<R>(String heading, boolean left, Function<R, String> cell) {}

    /**
     * Adds a column, with separate functions for the text of its cells and for its JSON values. Null values are omitted
     * from JSON.
     */
    public BenchTable<R> column(
            String heading, boolean left, String key, Function<R, ?> value, Function<R, String> cell) {
        columns.add(new Column<>(heading, left, cell));
        return hidden(key, value);
    }

    /** Adds a left-aligned column of text. */
    public BenchTable<R> text(String heading, String key, Function<R, String> value) {
        return column(heading, true, key, value, value);
    }

    /** Adds a right-aligned column of numbers. The cell of a null value is empty. */
    public BenchTable<R> number(
            String heading, String key, Function<R, ? extends Number> value, DoubleFunction<String> format) {
        return column(heading, false, key, value, row -> {
            Number number = value.apply(row);
            return number == null ? "" : format.apply(number.doubleValue());
        });
    }

    /** Adds a column of medians, and a column of quartiles. */
    public BenchTable<R> spread(String heading, String key, Function<R, Quartiles> value) {
        return median(heading, key, value).column("", true, key, value, row -> Figures.spread(value.apply(row)));
    }

    /** Adds a column of medians without quartiles. */
    public BenchTable<R> median(String heading, String key, Function<R, Quartiles> value) {
        return column(
                heading,
                false,
                key,
                value,
                row -> Figures.number(value.apply(row).median()));
    }

    /** Adds a value for JSON only. Null values are omitted. */
    public BenchTable<R> hidden(String key, Function<R, ?> value) {
        values.put(key, value);
        return this;
    }

    List<String> lines(List<R> rows) {
        List<StringBuilder> lines = new ArrayList<>();
        for (int i = 0; i <= rows.size(); i++) lines.add(new StringBuilder());
        for (Column<R> column : columns) {
            List<String> cells = new ArrayList<>(List.of(column.heading()));
            rows.forEach(row -> cells.add(column.cell().apply(row)));
            int width = cells.stream().mapToInt(String::length).max().orElseThrow();
            for (int i = 0; i < cells.size(); i++) {
                if (!lines.get(i).isEmpty()) lines.get(i).append("  ");
                lines.get(i).append(padded(cells.get(i), width, column.left()));
            }
        }
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }

    private static String padded(String cell, int width, boolean left) {
        String space = " ".repeat(width - cell.length());
        return left ? cell + space : space + cell;
    }

    List<Map<String, Object>> json(List<R> rows) {
        return rows.stream()
                .map(row -> {
                    Map<String, Object> object = new LinkedHashMap<>();
                    values.forEach((key, value) -> {
                        Object found = value.apply(row);
                        if (found != null) object.put(key, found);
                    });
                    return object;
                })
                .toList();
    }
}
