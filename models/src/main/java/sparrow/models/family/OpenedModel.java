package sparrow.models.family;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import sparrow.engine.decode.LanguageModel;
import sparrow.formats.text.TextStream;
import sparrow.speech.vocode.Synthesizer;

/**
 * The parts of a spoken model, as a family opens them from a checkpoint folder.
 *
 * @param info name, files and recommendations
 * @param languageModel layers, heads, ids, interleave format
 * @param typed makes prompts of typed questions
 * @param speechInput makes prompts of sound
 * @param tasks that the model does beside conversation
 * @param tools its tool calls; empty if it calls none
 * @param synthesizer makes waveforms of speech codes; loaded when it is first used
 * @param textStream gives a fresh decoder of reply tokens to text
 * @param textTokens a text as reply tokens; nothing in it becomes a control token
 * @param requireUnchanged refuses with a {@link sparrow.formats.weights.BadFileException} if an open file was cut or
 *     written to
 * @param release frees weights and files
 */
public record OpenedModel(
        ModelInfo info,
        LanguageModel languageModel,
        PromptBuilder<String> typed,
        SpeechInput speechInput,
        SpeechTasks tasks,
        Optional<ToolFormat> tools,
        Lazy<Synthesizer> synthesizer,
        Supplier<TextStream> textStream,
        Function<String, int[]> textTokens,
        Runnable requireUnchanged,
        Runnable release) {
    /** The same parts at a task. */
    public OpenedModel at(SpeechTasks.Task task) {
        return new OpenedModel(
                info.with(task.sampling()),
                task.languageModel(),
                task.typed(),
                task.speechInput(),
                SpeechTasks.NONE,
                Optional.empty(),
                synthesizer,
                textStream,
                textTokens,
                requireUnchanged,
                release);
    }
}
