package sparrow.study.data;

import java.util.Optional;

/**
 * One question of a conversation.
 *
 * @param question its text
 * @param recording the question as speech, where the set has it
 * @param typed it is asked in writing; else it is spoken, by a program where there is no recording
 */
public record Turn(String question, Optional<Recording> recording, boolean typed) {
    public Turn {
        if (question.isBlank()) throw new IllegalArgumentException("question: expected text, found none");
    }

    static Turn spoken(String question, Optional<Recording> recording) {
        return new Turn(question, recording, false);
    }

    static Turn typed(String question) {
        return new Turn(question, Optional.empty(), true);
    }
}
