package sparrow.models.family;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import sparrow.engine.decode.LanguageModel;
import sparrow.formats.text.TextStream;
import sparrow.speech.vocode.Synthesizer;

/**
 * The parts of a spoken model that a family has opened from a checkpoint folder.
 *
 * @param info name, files and recommendations
 * @param languageModel layers, heads, ids, interleave format
 * @param typed builds prompts from typed questions
 * @param speechInput builds prompts from sound
 * @param tasks tasks other than conversation
 * @param tools format of its tool calls; empty if it cannot call tools
 * @param synthesizer generates waveforms from speech codes; loaded on first use
 * @param textStream creates a decoder from reply tokens to text
 * @param textTokens tokenizes a text of a reply; nothing in it becomes a control token
 * @param requireUnchanged throws a {@link sparrow.formats.BadFileException} if an open file was truncated or
 *     modified
 * @param release frees weights and closes files
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
    /** Returns these parts with those of a task in place of conversation's. */
    public OpenedModel forTask(SpeechTasks.Task task) {
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
