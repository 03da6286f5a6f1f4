package sparrow.models.family;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.Sampling;
import sparrow.speech.wave.Waveform;

/**
 * The tasks other than conversation that a model can perform.
 *
 * @param transcription the task that converts recordings to text, or empty if the model cannot transcribe
 * @param voices the tasks that convert text to speech, by voice name, starting with the default; empty if the model
 *     cannot read aloud
 */
public record SpeechTasks(Optional<Task> transcription, SequencedMap<String, Task> voices) {
    /** No tasks other than conversation. */
    public static final SpeechTasks NONE = new SpeechTasks(Optional.empty(), new LinkedHashMap<>());

    /**
     * The parts of a model that depend on the task.
     *
     * @param languageModel the model's layers and heads with the task's order of text and speech
     * @param typed the builder of prompts from text
     * @param speechInput the speech encoder and the builder of prompts from audio
     * @param sampling the sampling that the model's authors use for the task
     */
    public record Task(
            LanguageModel languageModel, PromptBuilder<String> typed, SpeechInput speechInput, Sampling sampling) {
        /** Returns a task that accepts only recordings and decodes greedily. */
        public static Task transcription(LanguageModel languageModel, SpeechInput.Embeddings speechInput) {
            return new Task(
                    languageModel,
                    new Refused<>("transcription: expected a recording, got a text"),
                    speechInput,
                    Sampling.GREEDY);
        }

        /** Returns a task that accepts only text. */
        public static Task reading(LanguageModel languageModel, PromptBuilder<String> typed, Sampling sampling) {
            Refused<List<float[]>> refused = new Refused<>("reading aloud: expected a text, got a recording");
            return new Task(
                    languageModel, typed, new SpeechInput.Embeddings(refused, refused, Optional.empty(), 0), sampling);
        }
    }

    /** Rejects questions of a kind that a task does not accept, with a one-line message. */
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
        public PromptTokens first(T question, Optional<String> instructions) {
            throw new IllegalArgumentException(why);
        }

        @Override
        public PromptTokens later(T question) {
            throw new IllegalArgumentException(why);
        }
    }
}
