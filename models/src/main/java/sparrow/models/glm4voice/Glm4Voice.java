package sparrow.models.glm4voice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sparrow.engine.decode.InterleaveFormat;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Sampling;
import sparrow.engine.decode.SharedPrefixes;
import sparrow.engine.decode.TokenSpace;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.text.TextStream;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.text.VoiceVocabulary;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.SafetensorsFolder;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.config.JsonConfig;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.Resources;
import sparrow.models.weights.SpeechDecoderFiles;
import sparrow.models.weights.WeightFiles;
import sparrow.speech.encode.WhisperVq;
import sparrow.speech.vocode.GlmVocoder;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;

/**
 * A checkpoint in the layout of GLM-4-Voice: the published 9B model, or one of the same architecture and other sizes.
 * All sizes and ids come from its files.
 */
public final class Glm4Voice implements SpokenModel {
    /** The cycle that the model was trained on and that its instruction names. */
    static final InterleaveFormat INTERLEAVE = new InterleaveFormat(13, 26);

    /** Codes per second of a reply. */
    private static final double CODES_PER_SECOND = 12.5;

    private final Path folder;
    private final Parts parts;
    private final Kernels kernels;
    private final Resources resources;
    private final String weightFormat;
    private final LanguageModel languageModel;
    private final Tokenizer tokenizer;
    private final Glm4VoicePrompt prompt;
    private final Defaults defaults;
    private final SharedPrefixes prefixes;
    private WhisperVq encoder;
    private Synthesizer synthesizer;

    private Glm4Voice(
            Path folder,
            Parts parts,
            Kernels kernels,
            Resources resources,
            String weightFormat,
            LanguageModel languageModel,
            Tokenizer tokenizer,
            Glm4VoicePrompt prompt,
            Defaults defaults) {
        this.folder = folder;
        this.parts = parts;
        this.kernels = kernels;
        this.resources = resources;
        this.weightFormat = weightFormat;
        this.languageModel = languageModel;
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.defaults = defaults;
        this.prefixes = new SharedPrefixes(languageModel);
    }

    /**
     * Opens language model and text tokenizer; the audio parts follow when they are needed.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
     * @throws IllegalArgumentException in one line if a part is missing, broken, or not of this family
     * @throws IOException if a file cannot be read
     */
    public static Glm4Voice open(Path folder, Optional<Path> heads, Kernels kernels) throws IOException {
        Parts parts = Glm4VoiceFolder.parts(folder, heads);
        JsonConfig json = ChatGlm.read(parts.languageModel());
        TransformerConfig config = ChatGlm.config(json);
        Tokenizer tokenizer = Tokenizer.open(parts.languageModel(), VoiceVocabulary.GLM_4_VOICE_9B);
        TokenSpace tokens = tokenSpace(json, config, tokenizer);
        Resources resources = new Resources();
        try {
            Checkpoint checkpoint = resources.own(WeightFiles.folder(parts.languageModel()));
            Function<Matrix, Weight> load = resources.loader(checkpoint, kernels);
            Transformer transformer = ChatGlm.transformer(config, checkpoint, kernels, load);
            ExitHeads exitHeads = HeadFiles.read(parts.heads(), transformer, resources, kernels);
            LanguageModel languageModel = new LanguageModel(transformer, exitHeads, tokens, INTERLEAVE);
            Defaults defaults = Defaults.read(parts.languageModel(), folder);
            return new Glm4Voice(
                    folder,
                    parts,
                    kernels,
                    resources,
                    WeightFiles.format(checkpoint),
                    languageModel,
                    tokenizer,
                    new Glm4VoicePrompt(tokenizer, tokens, parts.languageModel()),
                    defaults);
        } catch (IOException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    static TokenSpace tokenSpace(JsonConfig json, TransformerConfig config, Tokenizer tokenizer) {
        Path source = json.file().resolveSibling("tokenizer_config.json");
        int offset = tokenizer
                .id(VoiceVocabulary.audioToken(0))
                .orElseThrow(() -> new BadFileException(source, "added_tokens_decoder", "no <|audio_0|>"));
        int count = 1;
        while (tokenizer.id(VoiceVocabulary.audioToken(count)).orElse(-1) == offset + count) count++;
        if (offset + count > config.vocabulary()) {
            throw new BadFileException(
                    source,
                    "added_tokens_decoder",
                    "audio tokens up to id " + (offset + count - 1) + ", but the model has " + config.vocabulary()
                            + " ids");
        }
        Set<Integer> end = new HashSet<>(json.integers("eos_token_id"));
        for (int id : end) {
            if (id < 0 || id >= config.vocabulary()) throw json.wrong("eos_token_id", "ids of the vocabulary");
        }
        return new TokenSpace(offset, count, offset + count, end);
    }

    @Override
    public String name() {
        return defaults.card().name();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Parts parts() {
        return parts;
    }

    @Override
    public String weightFormat() {
        return weightFormat;
    }

    @Override
    public LanguageModel languageModel() {
        return languageModel;
    }

    /** The checkpoint's own plan where it names one that its heads can follow, else full depth. */
    @Override
    public ExitPlan defaultPlan() {
        return defaults.card().plan(languageModel.heads());
    }

    @Override
    public Sampling defaultSampling() {
        return defaults.sampling();
    }

    @Override
    public SharedPrefixes prefixes() {
        return prefixes;
    }

    @Override
    public double codesPerSecond() {
        return CODES_PER_SECOND;
    }

    @Override
    public Prompt prompt(Question question, boolean first) {
        return switch (question) {
            case Question.Typed(String text) ->
                conversation(first, defaults.typedInstruction(), prompt.typed(text), 0, 0);
            case Question.Codes(int[] codes) -> spoken(codes, "the codes", first, 0);
            case Question.Spoken(Waveform waveform) ->
                spoken(encode(waveform), waveform.seconds() + " s of sound", first, waveform.seconds());
        };
    }

    /**
     * The ids of a spoken turn.
     *
     * @param source where the codes come from, for messages
     */
    private Prompt spoken(int[] codes, String source, boolean first, double seconds) {
        int unspeakable = 0;
        for (int code : codes) {
            if (code >= languageModel.tokens().codes()) unspeakable++;
        }
        if (codes.length == unspeakable) {
            throw new IllegalArgumentException("question: expected speech, found none in " + source);
        }
        return conversation(first, defaults.spokenInstruction(), prompt.spoken(codes), seconds, unspeakable);
    }

    @Override
    public Optional<String> caution(Question question, boolean first) {
        return defaults.card().caution(!(question instanceof Question.Typed), first);
    }

    private Prompt conversation(boolean first, String instruction, int[] turn, double seconds, int unspeakable) {
        if (!first) return new Prompt(turn, 0, seconds, unspeakable);
        int[] opening = prompt.opening(instruction);
        int[] all = Arrays.copyOf(opening, opening.length + turn.length);
        System.arraycopy(turn, 0, all, opening.length, turn.length);
        return new Prompt(all, opening.length, seconds, unspeakable);
    }

    @Override
    public int[] encode(Waveform waveform) {
        if (waveform.isSilent()) {
            throw new IllegalArgumentException(
                    "question: expected speech, found silence (peak " + waveform.peak() + ")");
        }
        return encoder().encode(waveform);
    }

    private synchronized WhisperVq encoder() {
        if (encoder == null) {
            Path part =
                    parts.speechEncoder().orElseThrow(() -> Glm4VoiceFolder.missing(folder, "speech tokenizer", true));
            try {
                Checkpoint checkpoint = resources.own(SafetensorsFolder.open(part));
                encoder = resources.own(WhisperVq.load(WhisperVqFolder.config(part), checkpoint, kernels));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return encoder;
    }

    @Override
    public synchronized Synthesizer synthesizer() {
        if (synthesizer == null) {
            Path part =
                    parts.speechDecoder().orElseThrow(() -> Glm4VoiceFolder.missing(folder, "speech decoder", false));
            try (Checkpoint flow = SpeechDecoderFiles.open(part, "flow");
                    Checkpoint hift = SpeechDecoderFiles.open(part, "hift")) {
                DecoderConfigs configs = DecoderConfigs.read(part.resolve("config.yaml"));
                synthesizer = resources.own(GlmVocoder.load(configs.flow(), flow, configs.hift(), hift, kernels));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return synthesizer;
    }

    @Override
    public TextStream textStream() {
        return tokenizer.stream();
    }

    @Override
    public void close() {
        resources.close();
    }
}
