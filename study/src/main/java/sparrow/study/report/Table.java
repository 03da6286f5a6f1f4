package sparrow.study.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table, for people as text or HTML, for programs as CSV. The CSV is written by hand: a library would spare the one line
 * that quotes.
 *
 * @param columns from left to right
 * @param rows as many cells each
 */
public record Table(List<Head> columns, List<List<Cell>> rows) {
    /** What stands above a column; its parts are those of {@link Column}. */
    public record Head(String key, String title, String meaning, Column.Kind kind) {}

    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "table: expected " + columns.size() + " cells in a row, got " + row.size());
            }
        }
    }

    /** One row a thing. */
    public static <R> Table of(List<Column<R>> columns, List<R> things) {
        List<Head> heads = columns.stream()
                .map(column -> new Head(column.key(), column.title(), column.meaning(), column.kind()))
                .toList();
        List<List<Cell>> rows = things.stream()
                .map(thing -> columns.stream()
                        .map(column -> column.cell().apply(thing))
                        .toList())
                .toList();
        return new Table(heads, rows);
    }

    /** Without the columns in which there is nothing. */
    public Table withoutEmptyColumns() {
        List<Integer> filled = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            if (rows.stream().anyMatch(row -> !(row.get(column) instanceof Cell.Nothing))) filled.add(i);
        }
        return new Table(
                filled.stream().map(columns::get).toList(),
                rows.stream().map(row -> filled.stream().map(row::get).toList()).toList());
    }

    /** For a terminal: columns side by side, numbers to the right. */
    public String text() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Head::title).toList());
        for (List<Cell> row : rows) lines.add(row.stream().map(Cell::shown).toList());
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder aligned = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                String space = " ".repeat(width(lines, i) - line.get(i).length());
                boolean left = columns.get(i).kind() == Column.Kind.WORDS;
                aligned.append(left ? line.get(i) + space : space + line.get(i)).append("  ");
            }
            text.append(aligned.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    /** RFC 4180 with line feeds: keys, then a line a row, numbers in full. An estimate takes two columns. */
    public String csv() {
        StringBuilder csv = new StringBuilder();
        csv.append(columns.stream().map(Table::csvKeys).collect(Collectors.joining(",")))
                .append('\n');
        for (List<Cell> row : rows) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.size(); i++)
                values.add(csvValues(row.get(i), columns.get(i).kind()));
            csv.append(String.join(",", values)).append('\n');
        }
        return csv.toString();
    }

    private static String csvKeys(Head head) {
        return head.kind() == Column.Kind.ESTIMATES ? head.key() + "," + head.key() + "_se" : head.key();
    }

    private static String csvValues(Cell cell, Column.Kind kind) {
        String value = switch (cell) {
            case Cell.Text(String text) -> quoted(text);
            case Cell.Number(double number, int decimals) -> digits(number, decimals);
            case Cell.Estimate(double number, double error, int decimals) -> number + "," + error;
            case Cell.Sound sound -> "";
            case Cell.Nothing() -> "";
        };
        boolean alone = kind == Column.Kind.ESTIMATES && !(cell instanceof Cell.Estimate);
        return alone ? value + "," : value;
    }

    /** All of them, but a count has no decimals. */
    private static String digits(double number, int decimals) {
        return decimals == 0 && number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String quoted(String text) {
        if (!text.matches("(?s).*[\",\\r\\n].*")) return text;
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
