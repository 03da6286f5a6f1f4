package sparrow.models.lfm2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.Placement;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.family.ChatMl;
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
import sparrow.models.frame.FrameUnits;
import sparrow.models.frame.FrontHead;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisations;
import sparrow.models.lfm2.Lfm2Pattern.Order;
import sparrow.models.weights.AtomicFolder;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightPlacement;
import sparrow.speech.fastconformer.FastConformer;
import sparrow.speech.fastconformer.FastConformerConfig;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.vocode.Detokenizer;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/**
 * Checkpoints in the layout of LFM2.5-Audio. The model accepts audio as embeddings, alternates six text tokens and
 * twelve frames of eight codes, and has a fixed voice. All sizes and ids are read from its files.
 */
public final class Lfm2Family implements Family {
    /** Sampling of the official conversation demo. Only text is greedy. */
    private static final Sampling SAMPLING = new Sampling(0, 0, 1, 1, 0, new Sampling.Codes(1, 4));

    /** Sampling of the official example for reading aloud. Only text is greedy. */
    private static final Sampling READING = new Sampling(0, 0, 1, 1, 0, new Sampling.Codes(0.8, 64));

    /** The voices for reading aloud, as named in the official system turn. */
    private static final List<String> VOICES = List.of("US female", "US male", "UK female", "UK male");

    /** Name of the front head in the checkpoint. */
    static final String DEPTH_LINEAR = "depth_linear";

    /** Name of the embeddings of codes in the checkpoint. */
    static final String CODE_EMBEDDING = "audio_embedding.embedding.weight";

    /** Frames per second of a reply. */
    private static final double FRAMES_PER_SECOND = 12.5;

    /** Number of context positions per second of a question. */
    private static final double POSITIONS_PER_SECOND = 12.5;

    /** The published model, with frame exit heads after layers 8 and 12 of 16. */
    private static final PublishedModel PUBLISHED = new PublishedModel(
            "lfm2.5-audio-1.5b",
            Architecture.LFM2,
            new TransformerConfig(
                    16, 2048, 32, 8, 64, 8192, 65_536, 128_000, 1e-5f, new Rope(64, 1e6, Rope.Pairing.HALVES)),
            TokenSpace.text(65_536, Set.of(7)),
            new InterleaveFormat(6, 12),
            List.of(8, 12));

    @Override
    public String name() {
        return "LFM2.5-Audio";
    }

    @Override
    public Layout layout() {
        return new Layout("architectures", Lfm2Config.ARCHITECTURE, List.of());
    }

    @Override
    public boolean reads(Path folder) throws IOException {
        return VendorGguf.isIn(folder) || layout().matches(folder);
    }

    @Override
    public OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException {
        return Resources.opening(resources -> {
            Lfm2Parts parts = Lfm2Parts.open(folder, heads, resources);
            ModelFiles files = parts.files();
            Lfm2Config config = parts.config();
            FastConformerConfig encoderSizes = AudioEncoderConfigs.read(config.json());
            Tokenizer tokenizer = parts.tokenizer();
            Checkpoint backbone = parts.backbone();
            Checkpoint frames = parts.frames();
            WeightPlacement weights = new WeightPlacement(resources, kernels, device);
            Transformer transformer =
                    weights.transformer(backbone, load -> Lfm2Backbone.transformer(config, backbone, kernels, load));
            ExitHeads exitHeads = HeadFiles.read(files.heads(), files.draftHead(), transformer, weights);
            Lfm2Tokens tokens = Lfm2Tokens.of(tokenizer, transformer.config().vocabulary(), folder);
            FrameUnits units = units(config, frames, transformer, exitHeads, tokens, weights.onCpu(frames))
                    .with(files.frameHeads(), weights);
            Lfm2Prompts prompts =
                    Lfm2Prompts.of(tokenizer, tokens, transformer.config().width());
            Lazy<FastConformer> encoder = new Lazy<>(() -> resources.own(
                    FastConformer.load(encoderSizes, parts.audioEncoder().load(), kernels)));
            AudioEncoder audioEncoder = new AudioEncoder(encoder);
            ChatMl.Conversation chat = prompts.conversation();
            LanguageModel languageModel = new LanguageModel(
                    transformer,
                    exitHeads,
                    tokens.space(),
                    config.interleave(),
                    token -> SpeechBudget.length(tokenizer.textBytes(token)),
                    units);
            return new OpenedModel(
                    new ModelInfo(
                            name(),
                            folder,
                            files,
                            parts.weightFormat(),
                            ModelCard.read(folder),
                            SAMPLING,
                            FRAMES_PER_SECOND * config.codebooks()),
                    languageModel,
                    chat.typed(),
                    new SpeechInput.Embeddings(
                            audioEncoder, chat.spoken(), Optional.of(chat.mixed()), POSITIONS_PER_SECOND),
                    tasks(
                            languageModel.with(
                                    units.in(new Lfm2Pattern(Order.SEQUENTIAL, tokens, config.interleave()))),
                            prompts,
                            audioEncoder),
                    Optional.empty(),
                    new Lazy<>(() -> synthesizer(parts, resources, kernels)),
                    tokenizer::stream,
                    tokenizer::encodeText,
                    resources::requireUnchanged,
                    resources::close);
        });
    }

    /** Returns the tasks in sequential mode. */
    private static SpeechTasks tasks(LanguageModel sequential, Lfm2Prompts prompts, AudioEncoder audioEncoder) {
        SequencedMap<String, SpeechTasks.Task> voices = new LinkedHashMap<>();
        for (String voice : VOICES) {
            voices.put(
                    voice.toLowerCase(Locale.ROOT).replace(' ', '-'),
                    SpeechTasks.Task.reading(sequential, prompts.readAloud(voice), READING));
        }
        return new SpeechTasks(
                Optional.of(SpeechTasks.Task.transcription(
                        sequential,
                        new SpeechInput.Embeddings(
                                audioEncoder, prompts.transcribed(), Optional.empty(), POSITIONS_PER_SECOND))),
                voices);
    }

    /** The audio encoder, which is loaded when it is first used. */
    private record AudioEncoder(Lazy<FastConformer> encoder) implements SpeechInput.Encoder<List<float[]>> {
        @Override
        public List<float[]> encode(Waveform waveform) {
            return List.of(encoder.get().encode(waveform));
        }

        @Override
        public List<float[]> features(Waveform waveform) {
            return encoder.get().features(waveform);
        }
    }

    /**
     * Loads the units of a checkpoint.
     *
     * @param checkpoint tensors of the depth decoder and the embedding of codes
     * @param load a function that prepares a matrix for the kernels
     * @throws BadFileException if a tensor is missing or has the wrong shape
     */
    static FrameUnits units(
            Lfm2Config config,
            Checkpoint checkpoint,
            Transformer transformer,
            ExitHeads heads,
            Lfm2Tokens tokens,
            WeightLoader load) {
        DepthDecoder depth = DepthDecoder.load(config, checkpoint, transformer.kernels(), load);
        return FrameUnits.of(
                transformer,
                heads,
                FrontHead.ofLastLayer(checkpoint, DEPTH_LINEAR, depth, transformer, load),
                depth,
                checkpoint.matrix(
                        CODE_EMBEDDING,
                        config.codebooks() * DepthDecoder.CODES,
                        transformer.config().width()),
                tokens.space(),
                Lfm2Tokens.PLACEHOLDER,
                new Lfm2Pattern(Order.INTERLEAVED, tokens, config.interleave()));
    }

    private static Synthesizer synthesizer(Lfm2Parts parts, Resources resources, Kernels kernels) throws IOException {
        int codebooks = parts.config().codebooks();
        LfmConfig sizes = DetokenizerConfigs.read(parts.detokenizerConfig().load());
        try (Checkpoint checkpoint = parts.detokenizer().load()) {
            Detokenizer detokenizer = resources.own(Detokenizer.load(sizes, checkpoint, kernels, false));
            if (detokenizer.codebooks() == codebooks) return detokenizer;
            throw new BadFileException(
                    parts.files().speechDecoder().orElseThrow(),
                    "codebooks",
                    "expected the language model's " + codebooks + ", found " + detokenizer.codebooks());
        }
    }

    @Override
    public List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        if (VendorGguf.isIn(folder)) throw new BadFileException(folder, "is already GGUF: convert the original");
        try (AtomicFolder out = AtomicFolder.begin(to)) {
            List<TensorDescription> keptInF16 = Lfm2Conversion.convert(folder, heads, quantisations, out, listener);
            out.finish();
            return keptInF16;
        }
    }

    @Override
    public PublishedModel published() {
        return PUBLISHED;
    }
}
