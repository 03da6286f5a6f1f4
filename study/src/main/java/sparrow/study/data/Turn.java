package sparrow.study.data;

import java.util.Optional;

/**
 * A question in a conversation.
 *
 * @param question text of the question
 * @param recording recording of the question, if the set has recordings
 * @param typed whether the question is asked in writing; otherwise, it is spoken, by a program if there is no recording
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
