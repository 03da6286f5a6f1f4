package sparrow.study.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;
import sparrow.engine.reply.DepthSummary;
import sparrow.study.data.Item;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.Table;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;

/** The replies of one row as a table for programs, one line each. */
final class ItemTable {
    private ItemTable() {}

    static Table of(PolicyCase row, List<ItemResult> results, int layers) {
        return Table.of(
                List.of(
                        Column.words("row", result -> Cell.text(row.name())),
                        Column.words("policies", result -> Cell.text(row.policies())),
                        Column.words(
                                "set", result -> Cell.text(result.asked().set().name())),
                        Column.words("id", result -> Cell.text(item(result).id())),
                        Column.words(
                                "question", result -> Cell.text(item(result).question())),
                        Column.words("text", result -> Cell.text(result.reply().text())),
                        Column.words(
                                "heard",
                                result -> Cells.words(result.assessment().heard())),
                        Column.numbers(
                                "text_points",
                                result -> Cells.of(result.assessment().textPoints(), 0)),
                        Column.numbers(
                                "heard_points",
                                result -> Cells.of(result.assessment().heardPoints(), 0)),
                        Column.numbers("mos", result -> mos(result.assessment())),
                        Column.numbers("speech_exit", result -> depth(result, layers, DepthSummary::averageSpeechExit)),
                        Column.numbers(
                                "speech_layers_read", result -> depth(result, layers, DepthSummary::speechLayersRead)),
                        Column.numbers(
                                "drafted",
                                result -> Cell.number(
                                        result.reply().compute().total().drafted(), 0)),
                        Column.numbers(
                                "confirmed",
                                result -> Cell.number(
                                        result.reply().compute().total().confirmed(), 0)),
                        Column.numbers(
                                "tokens",
                                result -> Cell.number(result.reply().tokens().size(), 0)),
                        Column.words(
                                "stop",
                                result -> Cell.text(result.reply().stop().name()))),
                results);
    }

    private static Item item(ItemResult result) {
        return result.asked().item();
    }

    private static Cell mos(Assessment assessment) {
        return Cells.of(assessment.mos() == null ? null : assessment.mos().overall(), 2);
    }

    private static Cell depth(ItemResult result, int layers, ToDoubleFunction<DepthSummary> figure) {
        KeptReply reply = result.reply();
        return Cell.number(figure.applyAsDouble(DepthSummary.of(reply.steps(), reply.compute(), layers)), 2);
    }
}
