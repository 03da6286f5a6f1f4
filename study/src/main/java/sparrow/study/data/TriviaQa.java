package sparrow.study.data;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * TriviaQA (Joshi et al., 2017) as published by its authors, with {@code Data} containing {@code Question},
 * {@code QuestionId} and {@code Answer} with aliases; or, if the file's extension is jsonl, lines with {@code id},
 * {@code question} and {@code golden_answers}, as in FlashRAG and other question-answering toolkits.
 */
final class TriviaQa {
    /** The quantifier is possessive because the matcher would otherwise recurse for every character. */
    private static final Pattern CELL = Pattern.compile("\"(?:[^\"]|\"\")*+\"");

    private TriviaQa() {}

    static Dataset open(Path file) {
        boolean lines = file.getFileName().toString().endsWith(".jsonl");
        return lines
                ? dataset(file, JsonRecords::lines, TriviaQa::repackaged)
                : dataset(file, JsonRecords.arrayAt("Data"), TriviaQa::official);
    }

    private static Dataset dataset(Path file, RecordFormat format, Function<DataRecord, Item> reading) {
        return new Dataset("TriviaQA", Task.REFERENCE_ANSWERS, file, format, reading);
    }

    private static Item official(DataRecord record) {
        DataRecord answer = record.child("Answer");
        Set<String> answers = new LinkedHashSet<>(List.of(answer.text("Value")));
        if (answer.has("Aliases")) answers.addAll(answer.texts("Aliases"));
        return item(record.text("QuestionId"), record.text("Question"), List.copyOf(answers));
    }

    private static Item repackaged(DataRecord record) {
        return item(record.text("id"), uncelled(record.text("question")), record.texts("golden_answers"));
    }

    private static Item item(String id, String question, List<String> answers) {
        return new Item(id, question, Optional.empty(), answers);
    }

    /**
     * Removes the quoting of a CSV cell, if any. In repackaged files, questions that contain quotation marks are still
     * quoted, with doubled quotation marks.
     */
    private static String uncelled(String question) {
        return CELL.matcher(question).matches()
                ? question.substring(1, question.length() - 1).replace("\"\"", "\"")
                : question;
    }
}
