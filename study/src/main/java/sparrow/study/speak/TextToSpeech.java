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

/** Converts text to speech. */
@FunctionalInterface
public interface TextToSpeech {
    /**
     * Returns the text as speech at any sample rate.
     *
     * @throws IOException if synthesis fails
     */
    Waveform speak(String text) throws IOException;

    /**
     * Returns a synthesiser for sets in which all questions have recordings; questions without a recording are
     * rejected.
     */
    static TextToSpeech none() {
        return _ -> {
            throw new IllegalArgumentException(
                    "expected a recording of the question, or --speak COMMAND, which speaks it");
        };
    }

    /**
     * Returns the turns of an item as questions. A spoken turn is its recording, or its synthesised text if there is no
     * recording. A typed turn is its text.
     *
     * @throws IllegalArgumentException if a turn must be spoken, but cannot be synthesised; the message contains the
     *     item's id
     * @throws IOException if a recording cannot be read, or synthesis fails
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
            throw e; // The message contains the file name.
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(item.id() + ": " + e.getMessage(), e);
        }
    }
}
