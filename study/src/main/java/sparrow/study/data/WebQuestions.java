package sparrow.study.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * WebQuestions (Berant et al., 2013): an array of rows, either SEMPRE's {@code utterance} and {@code targetValue}, or
 * {@code qId}, {@code qText} and {@code answers} as brmson re-packaged them.
 */
final class WebQuestions {
    private WebQuestions() {}

    static Dataset open(Path file) {
        return new RowDataset("WebQuestions", Task.REFERENCE_ANSWERS, file, JsonRows::array, WebQuestions::item);
    }

    private static Item item(Row row) {
        if (!row.has("utterance")) return item(row.text("qId"), row.text("qText"), row.texts("answers"));
        String target = row.text("targetValue");
        List<String> answers = TargetValue.descriptions(target)
                .orElseThrow(() -> row.wrong("targetValue", "(list (description ...) ...)"));
        return item(row.numberAsId(), row.text("utterance"), answers);
    }

    private static Item item(String id, String question, List<String> answers) {
        return new Item(id, question, Optional.empty(), answers, "");
    }
}
