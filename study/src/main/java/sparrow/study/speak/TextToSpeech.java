package sparrow.study.speak;

import java.io.IOException;
import sparrow.engine.weights.BadFileException;
import sparrow.speech.wave.Waveform;
import sparrow.study.data.Item;
import sparrow.study.data.Recording;

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
     * A question as it is asked: its recording, or, where it has none, its text, spoken.
     *
     * @throws IllegalArgumentException naming the item, if there is neither
     * @throws IOException if the recording cannot be read or speaking fails
     */
    default Waveform question(Item item) throws IOException {
        Recording spoken = item.recording().orElse(() -> speak(item.question()));
        try {
            return spoken.read();
        } catch (BadFileException e) {
            throw e; // names its file
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(item.id() + ": " + e.getMessage(), e);
        }
    }
}
