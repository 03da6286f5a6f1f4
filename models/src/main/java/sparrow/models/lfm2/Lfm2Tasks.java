package sparrow.models.lfm2;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.sample.Sampling;
import sparrow.models.family.SpeechInput;
import sparrow.models.family.SpeechTasks;

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
    static SpeechTasks of(LanguageModel sequential, Lfm2Prompts prompts, SpeechInput.Embeddings speech) {
        SpeechTasks.Task transcription = SpeechTasks.Task.transcription(
                sequential,
                new SpeechInput.Embeddings(speech.encoder(), prompts.transcribed(), speech.positionsPerSecond()));
        SequencedMap<String, SpeechTasks.Task> voices = new LinkedHashMap<>();
        for (String voice : VOICES) {
            voices.put(
                    voice.toLowerCase(Locale.ROOT).replace(' ', '-'),
                    SpeechTasks.Task.reading(sequential, prompts.readAloud(voice), READING));
        }
        return new SpeechTasks(Optional.of(transcription), voices);
    }
}
