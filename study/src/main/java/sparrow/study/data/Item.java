package sparrow.study.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One question of a data set, as a rule the first of its conversation.
 *
 * @param id its name, unique in its set and fit to be a file's name
 * @param instructions the system text of the conversation
 * @param turns of the conversation, one or more; the last one is the question, and the model answers those before it, too
 * @param answers reference answers, each of them right; none where the set has none
 */
public record Item(String id, Optional<String> instructions, List<Turn> turns, List<String> answers) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    public Item {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "id: expected 1 to 100 letters, digits, dots, hyphens or underscores, no dot first, found " + id);
        }
        turns = List.copyOf(turns);
        answers = List.copyOf(answers);
    }

    /** A spoken question without a conversation before it. */
    public Item(String id, String question, Optional<Recording> recording, List<String> answers) {
        this(id, Optional.empty(), List.of(Turn.spoken(question, recording)), answers);
    }

    /** The text of the question. */
    public String question() {
        return turns.getLast().question();
    }

    /** The question as speech, where the set has it. */
    public Optional<Recording> recording() {
        return turns.getLast().recording();
    }

    /** Tells that it is the first question of a conversation without a system text. */
    public boolean isAlone() {
        return turns.size() == 1 && instructions.isEmpty();
    }
}
