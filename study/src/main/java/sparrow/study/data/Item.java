package sparrow.study.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A question of a data set, usually the first question of its conversation.
 *
 * @param id name of the question, unique in its set and valid as a file name
 * @param instructions system text of the conversation
 * @param turns one or more turns; the last turn is the question, and the model also answers the earlier turns
 * @param answers correct reference answers, or empty if the set has no answers
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

    /** Creates a spoken question without an earlier conversation. */
    public Item(String id, String question, Optional<Recording> recording, List<String> answers) {
        this(id, Optional.empty(), List.of(Turn.spoken(question, recording)), answers);
    }

    /** Returns the text of the last turn, which is the question. */
    public String question() {
        return turns.getLast().question();
    }

    /** Returns the recording of the question, or empty if the set has no recordings. */
    public Optional<Recording> recording() {
        return turns.getLast().recording();
    }

    /** Returns whether this is the first question of a conversation without a system text. */
    public boolean isAlone() {
        return turns.size() == 1 && instructions.isEmpty();
    }
}
