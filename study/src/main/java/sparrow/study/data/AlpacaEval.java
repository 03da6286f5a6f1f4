package sparrow.study.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * AlpacaEval (tatsu-lab/alpaca_eval): an array of objects with {@code instruction}, {@code output}, {@code generator}
 * and {@code dataset}. The outputs were written by another model and are examples of good replies.
 */
final class AlpacaEval {
    private AlpacaEval() {}

    static Dataset open(Path file) {
        return new Dataset("AlpacaEval", Task.OPEN_ENDED, file, JsonRecords::array, AlpacaEval::item);
    }

    private static Item item(DataRecord record) {
        List<String> replies = record.optionalText("output").stream().toList();
        return new Item(record.numberAsId(), record.text("instruction"), Optional.empty(), replies);
    }
}
