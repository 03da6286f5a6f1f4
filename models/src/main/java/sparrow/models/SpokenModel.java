package sparrow.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.LoopRule;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.SharedPrefixes;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.text.TextStream;
import sparrow.formats.weights.Checkpoint;
import sparrow.models.family.FrameHeads;
import sparrow.models.family.Lazy;
import sparrow.models.family.ModelCard;
import sparrow.models.family.ModelFiles;
import sparrow.models.family.OpenedModel;
import sparrow.models.family.SpeechBudget;
import sparrow.models.family.SpeechInput;
import sparrow.models.family.SpeechTasks;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolCallReader;
import sparrow.models.family.ToolFormat;
import sparrow.speech.vocode.FlowSettings;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Numerics;

/**
 * A spoken language model, which accepts speech or text, generates interleaved text and speech tokens, and returns
 * speech. Models are opened by {@link SpokenModels}. Closing a model frees its weights.
 *
 * <p>The audio parts are loaded when they are first used, and are not required for using the language model alone.
 *
 * <p>Thread-safe; each thread uses its own {@link sparrow.models.pool.Conversation}.
 */
public final class SpokenModel implements AutoCloseable {
    /** Maximum units of a reply in {@link #defaultConfig}. */
    private static final int MAX_UNITS = 2000;

    /** Maximum seconds of speech after the end of the text in {@link #defaultConfig}. */
    private static final double MAX_TAIL_SECONDS = 30;

    private final OpenedModel parts;
    private final SharedPrefixes prefixes;
    private final TurnPrompts prompts;
    private final FlowSettings flow;
    private final Optional<String> instructions;
    private final Optional<SpokenModel> owner;
    private final Runnable release;
    private final Lazy<Synthesizer> synthesizer;
    private volatile boolean closed;

    /** Creates a model that owns the given parts, with the published flow settings. */
    public SpokenModel(OpenedModel parts) {
        this(parts, FlowSettings.PUBLISHED);
    }

    /** Creates a model that owns the given parts, with the given flow settings. */
    public SpokenModel(OpenedModel parts, FlowSettings flow) {
        this(parts, flow, () -> {});
    }

    /** @param release an action that runs when the model is closed, after its parts were released */
    SpokenModel(OpenedModel parts, FlowSettings flow, Runnable release) {
        this(parts, flow, Optional.empty(), Optional.empty(), () -> {
            parts.release().run();
            release.run();
        });
    }

    /** @param owner the owner of the parts, or empty if this model owns them */
    private SpokenModel(
            OpenedModel parts,
            FlowSettings flow,
            Optional<String> instructions,
            Optional<SpokenModel> owner,
            Runnable release) {
        this.parts = parts;
        this.flow = flow;
        this.instructions = instructions;
        this.owner = owner;
        this.release = release;
        this.synthesizer = new Lazy<>(() -> parts.synthesizer().get().with(flow));
        this.prefixes = new SharedPrefixes(parts.languageModel());
        this.prompts = new TurnPrompts(parts);
    }

    /** Returns the model's name. */
    public String name() {
        return card().name();
    }

    /** Returns the name of the model's family, such as {@code GLM-4-Voice}. */
    public String family() {
        return parts.info().family();
    }

    /** Returns the checkpoint folder. */
    public Path folder() {
        return parts.info().folder();
    }

    /** Returns the paths of the checkpoint's parts. */
    public ModelFiles files() {
        return parts.info().files();
    }

    /** Returns the file format and element types of the language model's matrices, for display. */
    public String weightFormat() {
        return parts.info().weightFormat();
    }

    /** Returns the language model with its layers, heads, ids and interleave format. */
    public LanguageModel languageModel() {
        return parts.languageModel();
    }

    /**
     * Returns the exit plan that the checkpoint recommends, or full depth if it recommends none or the plan's heads are
     * missing.
     */
    public ExitPlan defaultPlan() {
        return card().plan(parts.languageModel().units());
    }

    /** Returns the sampling that the checkpoint recommends. */
    public Sampling defaultSampling() {
        return parts.info().sampling();
    }

    /**
     * Returns the recommended exits and sampling, and the limits that the command line uses by default: 2000 units, 30
     * seconds of speech after the end of the text, and the {@link #loopRule}.
     */
    public GenerationConfig defaultConfig() {
        int tail = (int) Math.max(1, Math.round(MAX_TAIL_SECONDS * speechUnitsPerSecond()));
        return new GenerationConfig(
                defaultPlan(), defaultSampling(), new Limits(MAX_UNITS, tail, Optional.of(loopRule())));
    }

    /**
     * Returns the number of turns in a conversation for which the model was trained, or empty if the checkpoint does
     * not specify the number.
     */
    public OptionalInt trainedTurns() {
        return card().turns();
    }

    /**
     * Returns whether the model follows instructions. The result is true unless the checkpoint's card states that the
     * model was not trained to follow them.
     */
    public boolean followsInstructions() {
        return card().instructions();
    }

    /**
     * Returns the line about the model's knowledge and limits in the checkpoint's card, or empty if there is no such
     * line.
     */
    public Optional<String> about() {
        return card().about();
    }

    /**
     * Returns whether a reply is an answer and not the refusal in the checkpoint's card, with which the model replies to
     * a question that it does not know or understand. A misheard question may have an answer. Returns empty if the card
     * has no refusal.
     *
     * @param text the complete text of the reply
     */
    public Optional<Boolean> understood(String text) {
        return card().refusal().map(refusal -> !text.strip().equals(refusal));
    }

    /**
     * Returns whether replies have a {@link sparrow.engine.reply.Reply#confidence}. Like {@link #understood}, the
     * confidence needs a refusal in the checkpoint's card, because its computation takes time with a large vocabulary.
     */
    public boolean hasConfidence() {
        return card().refusal().isPresent();
    }

    /**
     * Returns the rule that stops endless replies. The rule uses the speech budget in the checkpoint's card, or a
     * generous budget if the card has none.
     */
    public LoopRule loopRule() {
        SpeechBudget budget = card().budget().orElseGet(() -> SpeechBudget.generous(codesPerSecond()));
        double unitsPerSecond = speechUnitsPerSecond();
        int slack = (int) Math.ceil(budget.slackSeconds() * unitsPerSecond);
        return new LoopRule(budget.codesPerCharacter() / languageModel().units().codebooks(), slack, unitsPerSecond);
    }

    /**
     * Returns the prompt for a question.
     *
     * @throws IllegalArgumentException if the question is silent, has no code for which the model has a token, or is of
     *     a kind that the model does not accept, such as codes for a model that accepts vectors
     */
    public Prompt prompt(Question question, TurnPosition turn) {
        return prompt(question, turn, Optional.empty());
    }

    /**
     * Returns the prompt for a question with instructions.
     *
     * @param instructions the content of the system turn, used only in the prompt of a first turn
     */
    public Prompt prompt(Question question, TurnPosition turn, Optional<String> instructions) {
        return prompt(question, turn, instructions, List.of());
    }

    /**
     * Returns the prompt for a question with instructions and tools.
     *
     * @param tools the tools that the model may call, described after the instructions
     */
    public Prompt prompt(Question question, TurnPosition turn, Optional<String> instructions, List<Tool> tools) {
        requireOpen();
        return prompts.of(question, turn, instructions.or(() -> this.instructions), tools);
    }

    /** Returns whether the model can call tools. */
    public boolean callsTools() {
        return parts.tools().isPresent();
    }

    /** Returns a new reader for the tool calls in a reply whose prompt offered the given tools. */
    public ToolCallReader toolCalls(List<Tool> tools) {
        return new ToolCallReader(parts.tools(), tools, parts.textStream());
    }

    /**
     * Returns tool calls as the last units of a reply. Text in the calls is never converted to a control token.
     *
     * @throws IllegalStateException if the model cannot call tools
     */
    public List<Unit> callUnits(List<ToolCall> calls) {
        ToolFormat format = parts.tools().orElseThrow(() -> new IllegalStateException(name() + " cannot call tools"));
        return Unit.tokens(format.tokens(calls));
    }

    /**
     * Returns a view of this model that uses the given instructions for conversations without instructions. The view
     * shares this model's weights and must not be used after this model has been closed.
     */
    public SpokenModel withInstructions(String instructions) {
        return new SpokenModel(parts, flow, Optional.of(instructions), Optional.of(this), () -> {});
    }

    /**
     * Encodes a question, so that it is encoded only once if several prompts contain it. A recording is converted to
     * {@link Question.Codes} or {@link Question.Embeddings}; questions of other kinds are returned unchanged.
     *
     * @throws IllegalArgumentException under the same conditions as in {@link #prompt(Question, TurnPosition)}
     */
    public Question encode(Question question) {
        requireOpen();
        return prompts.encode(question);
    }

    /**
     * Encodes the beginning of an unfinished question as far as later audio is unlikely to change the result, so that a
     * prompt can be prepared. Returns empty if no part is stable, and for all models that encode only complete
     * questions.
     *
     * @throws IllegalArgumentException if a sample is invalid
     */
    public Optional<Question> encodeStablePrefix(Waveform unfinished) {
        requireOpen();
        Waveform soFar = prompts.withoutQuiet(unfinished);
        return switch (parts.speechInput()) {
            case SpeechInput.Tokens input -> {
                int[] codes = input.encodeStablePrefix(soFar);
                yield codes.length == 0 ? Optional.empty() : Optional.of(new Question.Codes(codes, soFar.seconds()));
            }
            case SpeechInput.Embeddings input -> {
                float[] vectors = input.encodeStablePrefix(soFar);
                yield vectors.length == 0
                        ? Optional.empty()
                        : Optional.of(new Question.Embeddings(List.of(vectors), soFar.seconds()));
            }
        };
    }

    /**
     * Returns text as the units of a reply that the model did not generate. The text is never converted to a control
     * token.
     */
    public List<Unit> replyUnits(String text) {
        return Unit.tokens(parts.textTokens().apply(text));
    }

    /**
     * Returns a sequence that contains the prompt's first {@link Prompt#shared()} tokens. Conversations with the same
     * first tokens share their prefill.
     */
    public Sequence begin(Prompt prompt) {
        return prefixes.newSequence(Arrays.copyOf(prompt.tokens(), prompt.shared()));
    }

    /**
     * Returns a view of this model for transcription, which answers a {@link Question.Spoken} with its text. Each
     * recording requires a new conversation without instructions. The view shares this model's weights and must not be
     * used after this model has been closed.
     *
     * @throws IllegalArgumentException if the model cannot transcribe
     */
    public SpokenModel transcriber() {
        return forTask(parts.tasks()
                .transcription()
                .orElseThrow(() -> new IllegalArgumentException(
                        name() + ": this model does not transcribe; expected one that does, such as LFM2.5-Audio")));
    }

    /** Returns whether the model accepts a {@link Question.Mixed}. */
    public boolean mixesText() {
        return prompts.mixes();
    }

    /** Returns whether the model can transcribe. */
    public boolean transcribes() {
        return parts.tasks().transcription().isPresent();
    }

    /**
     * Returns the names of the model's voices for reading aloud, starting with the default. The list is empty if the
     * model cannot read aloud.
     */
    public List<String> readingVoices() {
        return List.copyOf(parts.tasks().voices().sequencedKeySet());
    }

    /**
     * Returns a view of this model for reading aloud, which answers a {@link Question.Typed} with its text as speech.
     * Each text requires a new conversation without instructions. The view shares this model's weights and must not be
     * used after this model has been closed.
     *
     * @param voice one of {@link #readingVoices}
     * @throws IllegalArgumentException if the model cannot read aloud or has no such voice
     */
    public SpokenModel reader(String voice) {
        if (readingVoices().isEmpty()) {
            throw new IllegalArgumentException(
                    name() + ": this model does not read aloud; expected one that does, such as LFM2.5-Audio");
        }
        SpeechTasks.Task task = parts.tasks().voices().get(voice);
        if (task != null) return forTask(task);
        throw new IllegalArgumentException(
                "voice: expected " + String.join(" or ", readingVoices()) + ", got " + voice);
    }

    private SpokenModel forTask(SpeechTasks.Task task) {
        return new SpokenModel(parts.forTask(task), flow, Optional.empty(), Optional.of(this), () -> {});
    }

    /** Returns the speech input, which encodes audio as tokens or as embeddings. */
    public SpeechInput speechInput() {
        requireOpen();
        return parts.speechInput();
    }

    /**
     * Checks that this model represents speech as tokens, for code that cannot process frames.
     *
     * @throws IllegalArgumentException if the model represents speech as frames
     */
    public void requireTokenSpeech() {
        if (languageModel().tokens().codes() > 0) return;
        throw new IllegalArgumentException(
                name() + ": expected a model with speech tokens, got one with speech frames");
    }

    /** Returns the frame heads, or empty if the model represents speech as tokens. */
    public Optional<FrameHeads> frameHeads() {
        return languageModel().units() instanceof FrameHeads frames ? Optional.of(frames) : Optional.empty();
    }

    /** Returns the number of speech units (tokens or frames) per second of a reply. */
    public double speechUnitsPerSecond() {
        return codesPerSecond() / languageModel().units().codebooks();
    }

    /** Returns the number of speech codes per second of a reply. */
    public double codesPerSecond() {
        return parts.info().codesPerSecond();
    }

    /** Returns the network that generates waveforms from speech codes. */
    public Synthesizer synthesizer() {
        requireOpen();
        return synthesizer.get();
    }

    /** Returns the settings of the synthesizer's flow. */
    public FlowSettings flow() {
        return flow;
    }

    /** Returns a new decoder that converts reply tokens to text. */
    public TextStream textStream() {
        return parts.textStream().get();
    }

    private ModelCard card() {
        return parts.info().card();
    }

    /**
     * Returns a line that contains all properties on which the last bits of the results depend: {@link Numerics} and,
     * if the layers are computed on a device, the device with its host and driver.
     *
     * @throws UncheckedIOException if Sparrow's own classes cannot be read
     */
    public String numerics() {
        Transformer transformer = languageModel().transformer();
        String device = DeviceStack.deviceOf(transformer.stack())
                .map(of -> " on %s (%s, driver %s)".formatted(of.name(), of.host(), of.driver()))
                .orElse("");
        try {
            return Numerics.of(
                            transformer.kernels(),
                            Kernels.class,
                            Checkpoint.class,
                            Transformer.class,
                            Synthesizer.class,
                            SpokenModel.class)
                    + device;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Frees the weights and closes the files immediately. Current and later questions fail with an
     * {@link IllegalStateException}. Has no effect if the model is already closed.
     */
    @Override
    public void close() {
        closed = true;
        release.run();
    }

    /**
     * Checks that the model is open and its files are unchanged.
     *
     * @throws IllegalStateException if the model is closed
     * @throws sparrow.formats.BadFileException if one of its files was truncated or modified
     */
    public void requireOpen() {
        if (closed) throw new IllegalStateException(name() + ": the model is closed");
        owner.ifPresentOrElse(SpokenModel::requireOpen, parts.requireUnchanged());
    }
}
