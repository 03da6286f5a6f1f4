package sparrow.study.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * WebQuestions (Berant et al., 2013): an array of records with either SEMPRE's {@code utterance} and
 * {@code targetValue}, or {@code qId}, {@code qText} and {@code answers} as repackaged by brmson.
 */
final class WebQuestions {
    private static final Pattern DESCRIPTION =
            Pattern.compile("\\s*\\(description\\s+(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s()\"]+))\\)");

    private static final Pattern LIST = Pattern.compile("\\(list((?:" + DESCRIPTION + ")++)\\s*\\)");

    private WebQuestions() {}

    static Dataset open(Path file) {
        return new Dataset("WebQuestions", Task.REFERENCE_ANSWERS, file, JsonRecords::array, WebQuestions::item);
    }

    private static Item item(DataRecord record) {
        if (!record.has("utterance")) return item(record.text("qId"), record.text("qText"), record.texts("answers"));
        String target = record.text("targetValue");
        List<String> answers = descriptions(target);
        if (answers.isEmpty()) throw record.wrong("targetValue", "(list (description ...) ...)");
        return item(record.numberAsId(), record.text("utterance"), answers);
    }

    /**
     * Returns the values in SEMPRE's {@code (list (description Lawyer) (description "Tony Warren"))}, in order, or an
     * empty list if the text has another form or a value is blank. Values with blanks or parentheses are quoted; within
     * quotation marks, a backslash escapes the next character.
     */
    private static List<String> descriptions(String text) {
        if (!LIST.matcher(text).matches()) return List.of();
        List<String> values =
                DESCRIPTION.matcher(text).results().map(WebQuestions::value).toList();
        return values.stream().anyMatch(String::isBlank) ? List.of() : values;
    }

    private static String value(MatchResult description) {
        String quoted = description.group(1);
        return quoted == null ? description.group(2) : quoted.replaceAll("\\\\(.)", "$1");
    }

    private static Item item(String id, String question, List<String> answers) {
        return new Item(id, question, Optional.empty(), answers);
    }
}
