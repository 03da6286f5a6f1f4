package sparrow.study.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * WebQuestions (Berant et al., 2013): an array of records, either SEMPRE's {@code utterance} and {@code targetValue}, or
 * {@code qId}, {@code qText} and {@code answers} as brmson re-packaged them.
 */
final class WebQuestions {
    private WebQuestions() {}

    static Dataset open(Path file) {
        return new RecordDataset("WebQuestions", Task.REFERENCE_ANSWERS, file, JsonRecords::array, WebQuestions::item);
    }

    private static Item item(DataRecord record) {
        if (!record.has("utterance")) return item(record.text("qId"), record.text("qText"), record.texts("answers"));
        String target = record.text("targetValue");
        List<String> answers = TargetValue.descriptions(target)
                .orElseThrow(() -> record.wrong("targetValue", "(list (description ...) ...)"));
        return item(record.numberAsId(), record.text("utterance"), answers);
    }

    private static Item item(String id, String question, List<String> answers) {
        return new Item(id, question, Optional.empty(), answers, "");
    }
}
