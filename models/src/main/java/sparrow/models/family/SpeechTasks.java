package sparrow.models.family;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.sample.Sampling;

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
            LanguageModel languageModel, PromptBuilder<String> typed, SpeechInput speechInput, Sampling sampling) {}
}
