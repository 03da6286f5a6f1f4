package sparrow.models.lfm2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.sample.Sampling;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.SpeechInput;
import sparrow.models.family.SpeechTasks;
import sparrow.speech.wave.Waveform;

/** Recognition and reading aloud, which the model does by itself: text and speech one after the other. */
final class Lfm2Tasks {
    /** The official example of reading aloud: text greedy, codes with some freedom. */
    private static final Sampling READING = new Sampling(0, 0, 1, 1, 0, new Sampling.Codes(0.8, 64));

    /** The voices by their words in the official sentence. */
    private static final List<String> VOICES = List.of("US female", "US male", "UK female", "UK male");

    private Lfm2Tasks() {}

    /**
     * The tasks of a model.
     *
     * @param sequential the language model whose units are in that order
     */
    static SpeechTasks of(LanguageModel sequential, Lfm2Prompts prompts, SpeechInput.Embeddings hearing) {
        SpeechTasks.Task transcription = new SpeechTasks.Task(
                sequential,
                new Refused<>("transcription: expected a recording, got a text"),
                new SpeechInput.Embeddings(hearing.encoder(), prompts.transcribed(), hearing.positionsPerSecond()),
                Sampling.GREEDY);
        Refused<List<float[]>> deaf = new Refused<>("reading aloud: expected a text, got a recording");
        SequencedMap<String, SpeechTasks.Task> voices = new LinkedHashMap<>();
        for (String voice : VOICES) {
            voices.put(
                    voice.toLowerCase(Locale.ROOT).replace(' ', '-'),
                    new SpeechTasks.Task(
                            sequential,
                            prompts.readAloud(voice),
                            new SpeechInput.Embeddings(deaf, deaf, hearing.positionsPerSecond()),
                            READING));
        }
        return new SpeechTasks(Optional.of(transcription), voices);
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
