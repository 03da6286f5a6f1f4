package sparrow.models.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.Sampling;
import sparrow.speech.wave.Waveform;

/**
 * The tasks beside conversation that a model does by itself.
 *
 * @param transcription recordings in, their text out; empty if the model does not transcribe
 * @param voices texts in, speech out, by the name of a voice, the usual one first; none if the model does not read aloud
 */
public record SpeechTasks(Optional<Task> transcription, SequencedMap<String, Task> voices) {
    /** Conversation alone. */
    public static final SpeechTasks NONE = new SpeechTasks(Optional.empty(), new LinkedHashMap<>());

    /**
     * The parts of a model that are others at a task.
     *
     * @param languageModel the same layers and heads, with the order of text and speech of the task
     * @param typed makes prompts of texts
     * @param speechInput makes prompts of sound
     * @param sampling that the model's makers use for the task
     */
    public record Task(
            LanguageModel languageModel, PromptBuilder<String> typed, SpeechInput speechInput, Sampling sampling) {
        /** Takes recordings alone, and is greedy. */
        public static Task transcription(LanguageModel languageModel, SpeechInput.Embeddings heard) {
            return new Task(
                    languageModel,
                    new Refused<>("transcription: expected a recording, got a text"),
                    heard,
                    Sampling.GREEDY);
        }

        /** Takes texts alone. */
        public static Task reading(LanguageModel languageModel, PromptBuilder<String> typed, Sampling sampling) {
            Refused<List<float[]>> deaf = new Refused<>("reading aloud: expected a text, got a recording");
            return new Task(
                    languageModel, typed, new SpeechInput.Embeddings(deaf, deaf, Optional.empty(), 0), sampling);
        }
    }

    /**
     * Questions of a kind that a task does not take, before and after they are encoded.
     *
     * @param why in one line
     */
    private record Refused<T>(String why) implements PromptBuilder<T>, SpeechInput.Encoder<T> {
        @Override
        public T encode(Waveform waveform) {
            throw new IllegalArgumentException(why);
        }

        @Override
        public List<float[]> features(Waveform waveform) {
            throw new IllegalArgumentException(why);
        }

        @Override
        public PromptTokens first(T said, Optional<String> instructions) {
            throw new IllegalArgumentException(why);
        }

        @Override
        public PromptTokens later(T said) {
            throw new IllegalArgumentException(why);
        }
    }
}
