package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.Placement;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.JsonFile;
import sparrow.formats.StrictJson;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.family.Family;
import sparrow.models.family.Layout;
import sparrow.models.family.Lazy;
import sparrow.models.family.ModelCard;
import sparrow.models.family.ModelFiles;
import sparrow.models.family.ModelInfo;
import sparrow.models.family.OpenedModel;
import sparrow.models.family.SpeechBudget;
import sparrow.models.family.SpeechInput;
import sparrow.models.family.SpeechTasks;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisations;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;
import sparrow.models.weights.WeightPlacement;
import sparrow.speech.encode.WhisperVq;
import sparrow.speech.vocode.GlmVocoder;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Kernels;

/**
 * Checkpoints in the layout of GLM-4-Voice: the published 9B model, or a model of the same architecture with other
 * sizes. The model accepts speech as codes and has a fixed voice. All sizes and ids are read from its files.
 */
public final class Glm4VoiceFamily implements Family {
    /** Number of speech codes per second, in both questions and replies. */
    private static final double CODES_PER_SECOND = 12.5;

    /** The published model, with the exit heads of the paper's schedules and layer study. */
    private static final PublishedModel PUBLISHED = new PublishedModel(
            "glm-4-voice-9b",
            Architecture.CHATGLM,
            new TransformerConfig(
                    40,
                    4096,
                    32,
                    2,
                    128,
                    13_696,
                    168_960,
                    8192,
                    3.90625e-8f,
                    new Rope(64, 10_000, Rope.Pairing.INTERLEAVED)),
            VoiceVocabulary.GLM_4_VOICE_9B.tokens(Set.of(151_329, 151_336, 151_338)),
            Glm4VoiceTokens.INTERLEAVE,
            List.of(30, 36));

    @Override
    public String name() {
        return "GLM-4-Voice";
    }

    @Override
    public Layout layout() {
        return new Layout("model_type", "chatglm", Glm4VoiceFolder.LANGUAGE_MODEL);
    }

    @Override
    public OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException {
        ModelFiles files = Glm4VoiceFolder.files(folder, heads);
        JsonFile json = ChatGlm.read(files.languageModel());
        TransformerConfig config = ChatGlm.config(json);
        Tokenizer tokenizer = Tokenizer.open(files.languageModel(), VoiceVocabulary.GLM_4_VOICE_9B);
        Glm4VoiceTokens tokens = Glm4VoiceTokens.of(tokenizer, json, config.vocabulary());
        Glm4VoicePrompts prompts = new Glm4VoicePrompts(tokenizer, tokens);
        return Resources.opening(resources -> {
            Checkpoint checkpoint = resources.own(WeightFiles.folder(files.languageModel()));
            WeightPlacement weights = new WeightPlacement(resources, kernels, device);
            Transformer transformer =
                    weights.transformer(checkpoint, load -> ChatGlm.transformer(json, checkpoint, kernels, load));
            ExitHeads exitHeads = HeadFiles.read(files.heads(), files.draftHead(), transformer, weights);
            Defaults defaults = Defaults.read(files.languageModel(), Glm4VoiceFolder.card(folder));
            Lazy<WhisperVq> encoder = new Lazy<>(() -> encoder(folder, files, resources, kernels));
            return new OpenedModel(
                    new ModelInfo(
                            name(),
                            folder,
                            files,
                            WeightFiles.format(checkpoint),
                            defaults.card(),
                            defaults.sampling(),
                            CODES_PER_SECOND),
                    new LanguageModel(
                            transformer,
                            exitHeads,
                            tokens.space(),
                            Glm4VoiceTokens.INTERLEAVE,
                            token -> SpeechBudget.length(tokenizer.textBytes(token))),
                    prompts.typed(defaults.typedInstruction()),
                    new SpeechInput.Tokens(
                            new SpeechTokenizer(encoder),
                            prompts.spoken(defaults.spokenInstruction()),
                            CODES_PER_SECOND),
                    SpeechTasks.NONE,
                    Optional.empty(),
                    new Lazy<>(() -> synthesizer(folder, files, resources, kernels)),
                    tokenizer::stream,
                    tokenizer::encodeText,
                    resources::requireUnchanged,
                    resources::close);
        });
    }

    /** The speech tokenizer, which is loaded when it is first used. */
    private record SpeechTokenizer(Lazy<WhisperVq> tokenizer) implements SpeechInput.TokenEncoder {
        @Override
        public int[] encode(Waveform waveform) {
            return tokenizer.get().encode(waveform);
        }

        @Override
        public List<float[]> features(Waveform waveform) {
            return tokenizer.get().features(waveform);
        }

        @Override
        public int[] encodeStablePrefix(Waveform soFar) {
            return tokenizer.get().encodeStablePrefix(soFar);
        }
    }

    private static WhisperVq encoder(Path folder, ModelFiles files, Resources resources, Kernels kernels)
            throws IOException {
        Path part = files.speechEncoder().orElseThrow(() -> Glm4VoiceFolder.missingTokenizer(folder));
        Checkpoint checkpoint = resources.own(WeightFiles.folder(part));
        return resources.own(WhisperVq.load(WhisperVqConfigs.config(part), checkpoint, kernels));
    }

    private static Synthesizer synthesizer(Path folder, ModelFiles files, Resources resources, Kernels kernels)
            throws IOException {
        Path part = files.speechDecoder().orElseThrow(() -> Glm4VoiceFolder.missingDecoder(folder));
        try (Checkpoint flow = WeightFiles.speechDecoder(part, "flow");
                Checkpoint hift = WeightFiles.speechDecoder(part, "hift")) {
            DecoderConfigs configs = DecoderConfigs.read(part.resolve("config.yaml"));
            return resources.own(GlmVocoder.load(configs.flow(), flow, configs.hift(), hift, kernels));
        }
    }

    @Override
    public List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        return Glm4VoiceConversion.convert(folder, heads, quantisations, to, listener);
    }

    @Override
    public PublishedModel published() {
        return PUBLISHED;
    }

    /**
     * A checkpoint's recommendations.
     *
     * @param card the model's card
     * @param spokenInstruction the system turn for spoken questions
     * @param typedInstruction the system turn for typed questions
     * @param sampling the sampling of replies
     */
    private record Defaults(ModelCard card, String spokenInstruction, String typedInstruction, Sampling sampling) {
        /** The transformers library's default top-k. */
        private static final double LIBRARY_TOP_K = 50;

        /** Reads the language model's {@code generation_config.json} and {@code tokenizer_config.json}. */
        static Defaults read(Path languageModel, ModelCard card) throws IOException {
            JsonFile tokenizer =
                    JsonFile.read(languageModel.resolve("tokenizer_config.json"), StrictJson.Bounds.VOCABULARY);
            // If a model was trained with another instruction, its tokenizer file contains it.
            return new Defaults(
                    card,
                    tokenizer.text("demo_system_prompt").orElse(Glm4VoicePrompts.SPOKEN),
                    tokenizer.text("demo_system_prompt").orElse(Glm4VoicePrompts.TYPED),
                    sampling(languageModel.resolve("generation_config.json")));
        }

        private static Sampling sampling(Path file) throws IOException {
            if (!Files.isRegularFile(file)) return Sampling.GREEDY;
            JsonFile json = JsonFile.read(file);
            if (!json.has("do_sample") || !json.flag("do_sample")) return Sampling.GREEDY;
            return new Sampling(
                    number(json, "temperature", 1, value -> value >= 0, "0 or more"),
                    (int) number(
                            json,
                            "top_k",
                            LIBRARY_TOP_K,
                            value -> value >= 0 && value == (int) value,
                            "0 or more, whole"),
                    number(json, "top_p", 1, value -> value > 0 && value <= 1, "above 0 and up to 1"),
                    number(json, "repetition_penalty", 1, value -> value > 0, "above 0"),
                    0);
        }

        private static double number(JsonFile json, String key, double absent, DoublePredicate ok, String expected) {
            double value = json.number(key, absent);
            if (!ok.test(value)) throw json.wrong(key, "a number " + expected);
            return value;
        }
    }
}
