package sparrow.models;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.LoopRule;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.SharedPrefixes;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.formats.text.TextStream;
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

/**
 * A spoken language model: speech or text in, interleaved text and speech tokens, speech out. Opened by
 * {@link SpokenModels}; what differs between families are its parts. Closing it frees the weights.
 *
 * <p>The audio parts are loaded when they are first used, so that the language model alone can be looked at.
 *
 * <p>Safe for several threads, each with a {@link sparrow.models.pool.Conversation} of its own; the last of them closes it.
 */
public final class SpokenModel implements AutoCloseable {
    private final OpenedModel parts;
    private final SharedPrefixes prefixes;
    private final TurnPrompts prompts;
    private final FlowSettings flow;
    private final Optional<String> instructions;
    private final Optional<SpokenModel> owner;
    private final Lazy<Synthesizer> synthesizer;
    private volatile boolean closed;

    /** A model of these parts, which it owns from now on; its flow computes as published. */
    public SpokenModel(OpenedModel parts) {
        this(parts, FlowSettings.PUBLISHED);
    }

    /** The same with a flow under these settings. */
    public SpokenModel(OpenedModel parts, FlowSettings flow) {
        this(parts, flow, Optional.empty(), Optional.empty());
    }

    /** @param owner of the parts; empty if this model owns them */
    private SpokenModel(
            OpenedModel parts, FlowSettings flow, Optional<String> instructions, Optional<SpokenModel> owner) {
        this.parts = parts;
        this.flow = flow;
        this.instructions = instructions;
        this.owner = owner;
        this.synthesizer = new Lazy<>(() -> parts.synthesizer().get().with(flow));
        this.prefixes = new SharedPrefixes(parts.languageModel());
        this.prompts = new TurnPrompts(parts);
    }

    /** The model's own name. */
    public String name() {
        return card().name();
    }

    /** The name of its family: {@code GLM-4-Voice}, {@code Step-Audio-2} or {@code LFM2.5-Audio}. */
    public String family() {
        return parts.info().family();
    }

    /** The checkpoint folder. */
    public Path folder() {
        return parts.info().folder();
    }

    /** The places of the checkpoint's parts. */
    public ModelFiles files() {
        return parts.info().files();
    }

    /** File format and element types of the language model's matrices, for people. */
    public String weightFormat() {
        return parts.info().weightFormat();
    }

    /** The decoder's part: layers, heads, ids, interleave format. */
    public LanguageModel languageModel() {
        return parts.languageModel();
    }

    /** The exit plan that the checkpoint recommends and its heads can follow, else full depth. */
    public ExitPlan defaultPlan() {
        return card().plan(parts.languageModel().units());
    }

    /** The sampling that the checkpoint recommends. */
    public Sampling defaultSampling() {
        return parts.info().sampling();
    }

    /** The window that the checkpoint recommends: as many turns as it was trained for, else as many as the context holds. */
    public Window defaultWindow() {
        return Window.DEFAULT.ofTurns(card().turns().orElse(Window.ALL_TURNS));
    }

    /** True if it was trained to obey instructions: false only if the checkpoint says so. */
    public boolean obeysInstructions() {
        return card().instructions();
    }

    /** A line for people, by the checkpoint: its knowledge and its limits. Empty if it says nothing. */
    public Optional<String> about() {
        return card().about();
    }

    /** The rule that stops replies without end, with the budget that the checkpoint says it needs, else a wide one. */
    public LoopRule loopRule() {
        SpeechBudget budget = card().budget().orElseGet(() -> SpeechBudget.wide(codesPerSecond()));
        double unitsPerSecond = speechUnitsPerSecond();
        int slack = (int) Math.ceil(budget.slackSeconds() * unitsPerSecond);
        return new LoopRule(budget.codesPerCharacter() / languageModel().units().codebooks(), slack, unitsPerSecond);
    }

    /**
     * The prompt of a question.
     *
     * @throws IllegalArgumentException if the question cannot be understood: silent, without a single code, or codes for
     *     a model that hears vectors
     */
    public Prompt prompt(Question question, TurnPosition turn) {
        return prompt(question, turn, Optional.empty());
    }

    /**
     * The same under instructions of the user.
     *
     * @param instructions to the model; they go where its family has a system turn, which is in the prompt of
     *     a first turn only
     */
    public Prompt prompt(Question question, TurnPosition turn, Optional<String> instructions) {
        return prompt(question, turn, instructions, List.of());
    }

    /**
     * The same to a model that may call tools.
     *
     * @param tools that it is told of behind its instructions
     */
    public Prompt prompt(Question question, TurnPosition turn, Optional<String> instructions, List<Tool> tools) {
        requireOpen();
        return prompts.of(question, turn, instructions.or(() -> this.instructions), tools);
    }

    /** True if it calls tools. */
    public boolean callsTools() {
        return parts.tools().isPresent();
    }

    /** A fresh reader of the calls in a reply, whose model was told of these tools. */
    public ToolCallReader toolCalls(List<Tool> tools) {
        return new ToolCallReader(parts.tools(), tools, parts.textStream());
    }

    /**
     * Calls as units of a reply, behind what it says; nothing in them becomes a control token.
     *
     * @throws IllegalStateException if the model calls no tools
     */
    public List<Unit> callUnits(List<ToolCall> calls) {
        ToolFormat format = parts.tools().orElseThrow(() -> new IllegalStateException(name() + " calls no tools"));
        return Unit.tokens(format.tokens(calls));
    }

    /**
     * The same model under these instructions where a conversation has none of its own. Weights are those of this model, whose closing
     * ends both.
     */
    public SpokenModel under(String instructions) {
        return new SpokenModel(parts, flow, Optional.of(instructions), Optional.of(this));
    }

    /**
     * An encoded question: a recording becomes {@link Question.Codes} or {@link Question.Embeddings}; the other kinds stay. So a
     * question that stands in many prompts is encoded once.
     *
     * @throws IllegalArgumentException as {@link #prompt}
     */
    public Question encode(Question question) {
        requireOpen();
        return prompts.encode(question);
    }

    /**
     * The stable prefix of a question that is still being said, so that a prompt can be prepared: later sound most likely does not
     * change it. Empty if no code is stable, as for models that encode whole questions only.
     *
     * @throws IllegalArgumentException if its samples are no sound
     */
    public Optional<Question.Codes> encodeStablePrefix(Waveform soFar) {
        requireOpen();
        return switch (parts.speechInput()) {
            case SpeechInput.Tokens input -> {
                int[] codes = input.encodeStablePrefix(soFar);
                yield codes.length == 0 ? Optional.empty() : Optional.of(new Question.Codes(codes, soFar.seconds()));
            }
            case SpeechInput.Embeddings _ -> Optional.empty();
        };
    }

    /** A text as units of a reply, for a reply of another source; nothing in it becomes a control token. */
    public List<Unit> replyUnits(String text) {
        return Unit.tokens(parts.textTokens().apply(text));
    }

    /**
     * A sequence that holds what conversations with such a prompt share, prefilled once: the prompt's first
     * {@link Prompt#shared()} tokens.
     */
    public Sequence begin(Prompt prompt) {
        return prefixes.begin(Arrays.copyOf(prompt.tokens(), prompt.shared()));
    }

    /**
     * The same model at transcription: a {@link Question.Spoken} is answered with the text that is said in it. Each recording has a
     * conversation of its own, without instructions. Weights are those of this model, whose closing ends both.
     *
     * @throws IllegalArgumentException in one line if the model does not transcribe
     */
    public SpokenModel transcriber() {
        return at(parts.tasks()
                .transcription()
                .orElseThrow(() -> new IllegalArgumentException(name() + ": a " + family()
                        + " model does not transcribe; expected one that does, such as LFM2.5-Audio")));
    }

    /** Returns whether a question may hold text and sound: a {@link Question.Mixed}. */
    public boolean mixesText() {
        return prompts.mixes();
    }

    /** Tells that the model transcribes. */
    public boolean transcribes() {
        return parts.tasks().transcription().isPresent();
    }

    /** The names of the voices in which the model reads aloud, the usual one first; none if it does not read aloud. */
    public List<String> readingVoices() {
        return List.copyOf(parts.tasks().voices().sequencedKeySet());
    }

    /**
     * The same model at reading aloud: a {@link Question.Typed} is answered with speech of its text. Each text has a conversation of
     * its own, without instructions. Weights are those of this model, whose closing ends both.
     *
     * @param voice one of {@link #readingVoices}
     * @throws IllegalArgumentException in one line if the model does not read aloud, or has no such voice
     */
    public SpokenModel reader(String voice) {
        if (readingVoices().isEmpty()) {
            throw new IllegalArgumentException(name() + ": a " + family()
                    + " model does not read aloud; expected one that does, such as LFM2.5-Audio");
        }
        SpeechTasks.Task task = parts.tasks().voices().get(voice);
        if (task != null) return at(task);
        throw new IllegalArgumentException(
                "voice: expected " + String.join(" or ", readingVoices()) + ", got " + voice);
    }

    private SpokenModel at(SpeechTasks.Task task) {
        return new SpokenModel(parts.at(task), flow, Optional.empty(), Optional.of(this));
    }

    /** Its way from speech to a prompt: as tokens, or as embeddings. */
    public SpeechInput speechInput() {
        requireOpen();
        return parts.speechInput();
    }

    /**
     * Refuses a model whose speech is frames, for work that reads replies as tokens.
     *
     * @throws IllegalArgumentException in one line
     */
    public void requireTokenSpeech() {
        if (languageModel().tokens().codes() > 0) return;
        throw new IllegalArgumentException(name() + ": expected a model whose speech is tokens, got one of frames");
    }

    /** The heads of frames; empty if its speech is tokens. */
    public Optional<FrameHeads> frameHeads() {
        return languageModel().units() instanceof FrameHeads frames ? Optional.of(frames) : Optional.empty();
    }

    /** Units of speech, tokens or frames, of one second of a reply. */
    public double speechUnitsPerSecond() {
        return codesPerSecond() / languageModel().units().codebooks();
    }

    /** Speech codes of one second of a reply. */
    public double codesPerSecond() {
        return parts.info().codesPerSecond();
    }

    /** The network that makes waveforms of speech codes. */
    public Synthesizer synthesizer() {
        requireOpen();
        return synthesizer.get();
    }

    /** The settings of the synthesizer's flow. */
    public FlowSettings flow() {
        return flow;
    }

    /** A fresh decoder of reply tokens to text. */
    public TextStream textStream() {
        return parts.textStream().get();
    }

    private ModelCard card() {
        return parts.info().card();
    }

    /**
     * Frees weights and files at once: questions are refused from now on with an {@link IllegalStateException}, and one that
     * is being answered ends with it. Closing again is fine.
     */
    @Override
    public void close() {
        closed = true;
        if (owner.isEmpty()) parts.release().run();
    }

    /**
     * Refuses to go on without the weights that were opened.
     *
     * @throws IllegalStateException if the model is closed
     * @throws sparrow.formats.weights.BadFileException if one of its files was cut or written to
     */
    public void requireOpen() {
        if (closed) throw new IllegalStateException(name() + ": the model is closed");
        owner.ifPresentOrElse(SpokenModel::requireOpen, parts.requireUnchanged());
    }
}
