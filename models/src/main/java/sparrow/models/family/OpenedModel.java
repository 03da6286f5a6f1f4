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
 * @param info the name, files and recommendations
 * @param languageModel the layers, heads, ids and interleave format
 * @param typed the builder of prompts from typed questions
 * @param speechInput the speech encoder and the builder of prompts from audio
 * @param tasks the tasks other than conversation
 * @param tools the format of tool calls, or empty if the model cannot call tools
 * @param synthesizer the generator of waveforms from speech codes, loaded when it is first used
 * @param textStream a factory of decoders that convert reply tokens to text
 * @param textTokens a tokenizer for reply text, which never converts text to a control token
 * @param requireUnchanged a check that throws a {@link sparrow.formats.BadFileException} if an open file was truncated
 *     or modified
 * @param release an action that frees the weights and closes the files
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
    /** Returns a copy in which a task's parts replace the parts for conversation. */
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
