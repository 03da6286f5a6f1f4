package sparrow.study.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.app.report.Table;

/**
 * A self-contained page with tables, charts and audio. The page follows the reader's light or dark colour scheme, and
 * loads nothing from the network.
 */
final class HtmlPage {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>
            :root { color-scheme: light dark; --ink: #1c2328; --quiet: #5b676f; --paper: #fbfbf9; --line: #d9dcd8;
              --band: #f1f2ee; --mark: #1d6b57; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e4e6e3; --quiet: #9aa5a8; --paper: #16191b; --line: #343a3d; --band: #1e2325;
                --mark: #6fc3a8; }
              figure img { filter: invert(.92) hue-rotate(180deg); } }
            body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 84rem; background: var(--paper);
              color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
            h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1.25rem; }
            h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; color: var(--mark); }
            p, dl { max-width: 56rem; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
            th, td { padding: .35rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
            th { font-weight: 600; color: var(--quiet); vertical-align: bottom; white-space: nowrap; }
            th[title] { text-decoration: underline dotted var(--line); text-underline-offset: .2em; cursor: help; }
            td.n, th.n { text-align: right; white-space: nowrap; }
            tbody tr:nth-child(even) { background: var(--band); }
            dl { display: grid; grid-template-columns: fit-content(14rem) 1fr; gap: .2rem 1.25rem; }
            dt { color: var(--quiet); }
            dd { margin: 0; overflow-wrap: anywhere; }
            figure { display: inline-block; margin: 0 1rem 1rem 0; max-width: 100%%; vertical-align: top; }
            figure img { display: block; max-width: 100%%; height: auto; border: 1px solid var(--line);
              border-radius: 6px; background: #fff; }
            figcaption { color: var(--quiet); font-size: .85rem; max-width: 40rem; margin-top: .4rem; }
            code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
            audio { width: 15rem; height: 2rem; }
            .error { color: var(--quiet); }
            %2$s</style>
            </head>
            <body>
            <h1>%1$s</h1>
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;
    private final String style;

    /** Names of columns that the page has already explained. */
    private final Set<String> explained = new HashSet<>();

    HtmlPage(String title, String style) {
        this.title = title;
        this.style = style;
    }

    void heading(String text) {
        body.append("<h2>").append(Markup.escaped(text)).append("</h2>\n");
    }

    void paragraph(String text) {
        body.append("<p>").append(Markup.escaped(text)).append("</p>\n");
    }

    void markup(String html) {
        body.append(html).append('\n');
    }

    void facts(Map<String, ?> facts) {
        body.append("<dl>\n");
        facts.forEach((name, value) -> body.append("<dt>")
                .append(Markup.escaped(name))
                .append("</dt><dd>")
                .append(Markup.escaped(value.toString()))
                .append("</dd>\n"));
        body.append("</dl>\n");
    }

    /** Adds a table, followed by explanations of columns that the page has not explained before. */
    void table(Table<?> table) {
        List<Table.Column> columns = table.shown();
        body.append("<div class=\"wide\"><table>\n<thead><tr>");
        for (Table.Column column : columns) {
            body.append("<th").append(numeric(column));
            if (!column.meaning().isEmpty()) {
                body.append(" title=\"")
                        .append(Markup.escaped(column.meaning()))
                        .append('"');
            }
            body.append('>').append(Markup.escaped(column.title())).append("</th>");
        }
        body.append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.size(); row++) {
            body.append("<tr>");
            for (Table.Column column : columns) {
                body.append("<td").append(numeric(column)).append('>');
                body.append(html(column.kind(), column.cells().get(row))).append("</td>");
            }
            body.append("</tr>\n");
        }
        body.append("</tbody>\n</table></div>\n");
        Map<String, String> meanings = columns.stream()
                .filter(column -> !column.meaning().isEmpty() && explained.add(column.title() + column.meaning()))
                .collect(Collectors.toMap(
                        Table.Column::title, Table.Column::meaning, (one, other) -> one, LinkedHashMap::new));
        if (!meanings.isEmpty()) facts(meanings);
    }

    /**
     * Adds an image with a caption.
     *
     * @param png PNG file
     * @param width display width in pixels
     * @param caption caption
     */
    void picture(byte[] png, int width, String caption) {
        body.append("<figure><img width=\"").append(width).append("\" src=\"");
        body.append(Markup.dataUri("image/png", png)).append("\" alt=\"").append(Markup.escaped(caption));
        body.append("\"><figcaption>").append(Markup.escaped(caption)).append("</figcaption></figure>\n");
    }

    String text() {
        return HEAD.formatted(Markup.escaped(title), style) + body + "</body>\n</html>\n";
    }

    private static String numeric(Table.Column column) {
        return switch (column.kind()) {
            case NUMBERS, MEANS -> " class=\"n\"";
            case WORDS, QUARTILES, SOUNDS -> "";
        };
    }

    private static String html(Table.Kind kind, Table.Cell cell) {
        if (kind == Table.Kind.SOUNDS && !cell.values().isEmpty()) {
            return Markup.player((byte[]) cell.values().getFirst());
        }
        String shown = Markup.escaped(cell.shown());
        return kind == Table.Kind.MEANS ? shown.replaceFirst("±.*", "<span class=\"error\">$0</span>") : shown;
    }
}
