package sparrow.study.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One question of a data set.
 *
 * @param id its name, unique in its set and fit to be a file's name
 * @param question its text
 * @param recording the question as speech, where the set has it
 * @param answers reference answers, each of them right; none where the set has none
 * @param category the part of the set that it belongs to; empty where the set has no parts
 */
public record Item(String id, String question, Optional<Recording> recording, List<String> answers, String category) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    public Item {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "id: expected 1 to 100 letters, digits, dots, hyphens or underscores, no dot first, found " + id);
        }
        if (question.isBlank()) throw new IllegalArgumentException("question: expected text, found none");
        answers = List.copyOf(answers);
    }
}
