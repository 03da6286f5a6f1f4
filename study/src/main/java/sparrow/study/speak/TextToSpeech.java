package sparrow.study.speak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sparrow.formats.BadFileException;
import sparrow.models.Question;
import sparrow.speech.wave.Waveform;
import sparrow.study.data.Item;
import sparrow.study.data.Recording;
import sparrow.study.data.Turn;

/** Speaks a text. */
@FunctionalInterface
public interface TextToSpeech {
    /**
     * The text as speech, at whatever rate it comes.
     *
     * @throws IOException if there is no speech at the end
     */
    Waveform speak(String text) throws IOException;

    /** None: sets with recordings need none, and others are refused. */
    static TextToSpeech none() {
        return _ -> {
            throw new IllegalArgumentException("expected a recording of the question, or a command that speaks it");
        };
    }

    /**
     * The turns of an item as they are asked: the recording, or, where there is none, the text, spoken; or the text, typed.
     *
     * @throws IllegalArgumentException naming the item, if a turn is to be spoken and cannot
     * @throws IOException if a recording cannot be read or speaking fails
     */
    default List<Question> questions(Item item) throws IOException {
        try {
            List<Question> questions = new ArrayList<>();
            for (Turn turn : item.turns()) {
                Recording spoken = turn.recording().orElse(() -> speak(turn.question()));
                questions.add(turn.typed() ? new Question.Typed(turn.question()) : new Question.Spoken(spoken.read()));
            }
            return questions;
        } catch (BadFileException e) {
            throw e; // names its file
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(item.id() + ": " + e.getMessage(), e);
        }
    }
}
