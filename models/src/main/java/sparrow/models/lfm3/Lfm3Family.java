package sparrow.models.lfm3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
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
import sparrow.formats.weights.Gguf;
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
import sparrow.models.gguf.GgufTransformer;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisations;
import sparrow.models.gguf.TransformerLoader;
import sparrow.models.lfm3.Lfm3Pattern.Use;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;
import sparrow.models.weights.WeightPlacement;
import sparrow.speech.lfm.CausalEncoder;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.vocode.Detokenizer;
import sparrow.speech.vocode.Synthesizer;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/**
 * Checkpoints in the layout of LFM3-Audio-2B, which its publisher provides for llama.cpp as two GGUF files: a language
 * model, and a file {@code mmproj} with all audio networks. The model encodes audio causally, alternates six text
 * tokens and twelve frames of twelve codes, and calls tools. All sizes and ids are read from the files.
 */
public final class Lfm3Family implements Family {
    private static final String AUDIO = "mmproj";
    private static final String ENDING = ".gguf";

    /** Text tokens and frames per cycle, a constant of llama.cpp. */
    private static final InterleaveFormat INTERLEAVE = new InterleaveFormat(6, 12);

    /** The voices for reading text aloud. */
    private static final List<String> VOICES = List.of("female", "male");

    /** The only language whose name in the system turn is published. */
    private static final String LANGUAGE = "English";

    /** Frames per second of a reply, and context positions per second of a question. */
    private static final double FRAMES_PER_SECOND = 12.5;

    /** The published model, with exit heads for frames after layers 12 and 18 of 24. */
    private static final PublishedModel PUBLISHED = new PublishedModel(
            "lfm3-audio-2b",
            Architecture.LFM3,
            new TransformerConfig(
                    24, 2048, 16, 4, 128, 7680, 125_056, 32_768, 1e-5f, new Rope(128, 1e6, Rope.Pairing.HALVES, 32)),
            TokenSpace.text(125_056, Set.of(124_900)),
            INTERLEAVE,
            List.of(12, 18));

    @Override
    public String name() {
        return "LFM3-Audio";
    }

    @Override
    public Layout layout() {
        return new Layout("architectures", "Lfm3AudioForConditionalGeneration", List.of());
    }

    @Override
    public boolean reads(Path folder) throws IOException {
        if (layout().matches(folder)) return true;
        if (Files.exists(folder.resolve(Layout.CONFIG))) return false;
        for (Path file : files(folder, true)) {
            try (Gguf audio = Gguf.open(file)) {
                if (audio.values().has(AudioGguf.ENCODER_KIND)) return true;
            } catch (BadFileException e) {
                return false; // the family whose files have this name reports the error
            }
        }
        return false;
    }

    /** Lists a folder's GGUF files whose names begin with {@value #AUDIO}, or all other GGUF files. */
    private static List<Path> files(Path folder, boolean audio) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(ENDING) && name.startsWith(AUDIO) == audio;
                    })
                    .sorted()
                    .toList();
        }
    }

    /** Opens a folder's only GGUF file for audio, or its only other GGUF file. */
    private static Gguf file(Path folder, boolean audio) throws IOException {
        if (Files.exists(folder.resolve(Layout.CONFIG))) {
            throw new BadFileException(
                    folder,
                    "safetensors of LFM3-Audio",
                    "expected its two GGUF files, because the names of its tensors are not published");
        }
        List<Path> files = files(folder, audio);
        if (files.size() == 1) return Gguf.open(files.getFirst());
        String wanted = audio ? AUDIO + "*" + ENDING : "*" + ENDING + " of the language model";
        throw new BadFileException(
                folder,
                "GGUF",
                "expected one file " + wanted + ", found "
                        + files.stream().map(Path::getFileName).toList());
    }

    @Override
    public OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException {
        return Resources.opening(resources -> {
            Gguf text = resources.own(file(folder, false));
            text.values().expect("general.architecture", "lfm3");
            AudioGguf sound = new AudioGguf(resources.own(file(folder, true)));
            Path soundPath = sound.file().source();
            ModelFiles files = new ModelFiles(
                    folder,
                    Optional.of(soundPath),
                    Optional.of(soundPath),
                    HeadFiles.find(Kind.EXIT, heads, folder),
                    HeadFiles.find(Kind.DRAFT, heads, folder),
                    HeadFiles.find(Kind.FRAME, heads, folder));
            Tokenizer tokenizer = Tokenizer.of(text);
            TransformerConfig sizes = GgufTransformer.config(text);
            Lfm3Tokens tokens = Lfm3Tokens.of(tokenizer, sizes.vocabulary(), text.source());
            sound.encoderConfig();
            LfmConfig codec = sound.codecConfig(AudioGguf.CODEC_WINDOW);
            WeightPlacement weights = new WeightPlacement(resources, kernels, device);
            Transformer transformer = weights.transformer(
                    text, load -> TransformerLoader.load(Architecture.LFM3, sizes, text, Map.of(), kernels, load));
            ExitHeads exitHeads = HeadFiles.read(files.heads(), files.draftHead(), transformer, weights);
            FrameUnits units = units(sound, transformer, exitHeads, tokens, weights.onCpu(sound.file()))
                    .with(files.frameHeads(), weights);
            Lfm3Prompts prompts = Lfm3Prompts.of(tokenizer, tokens, sizes.width());
            PrefixEncoder hearing = new PrefixEncoder(new Lazy<>(
                    () -> resources.own(CausalEncoder.load(sound.encoderConfig(), sound.encoder(), kernels))));
            Sampling sampling = sampling(sound);
            ChatMl.Conversation chat = prompts.conversation();
            LanguageModel languageModel = new LanguageModel(
                    transformer,
                    exitHeads,
                    tokens.space(),
                    INTERLEAVE,
                    token -> SpeechBudget.length(tokenizer.textBytes(token)),
                    units);
            return new OpenedModel(
                    new ModelInfo(
                            name(),
                            folder,
                            files,
                            WeightFiles.format(text),
                            ModelCard.read(folder),
                            sampling,
                            FRAMES_PER_SECOND * AudioGguf.CODEBOOKS),
                    languageModel,
                    chat.typed(),
                    new SpeechInput.Embeddings(hearing, chat.spoken(), Optional.of(chat.mixed()), FRAMES_PER_SECOND),
                    tasks(languageModel, units, prompts, hearing, sampling),
                    Lfm3Tools.of(tokenizer, prompts),
                    new Lazy<>(() -> synthesizer(sound, codec, units, resources, kernels)),
                    tokenizer::stream,
                    tokenizer::encodeText,
                    resources::requireUnchanged,
                    resources::close);
        });
    }

    /**
     * Loads a checkpoint's units.
     *
     * @param load a function that prepares a matrix for the kernels
     * @throws BadFileException if a tensor is missing or has the wrong shape
     */
    static FrameUnits units(
            AudioGguf sound, Transformer transformer, ExitHeads heads, Lfm3Tokens tokens, WeightLoader load) {
        MaskedDepthDecoder depth = MaskedDepthDecoder.load(sound, transformer.kernels(), load);
        return FrameUnits.of(
                transformer,
                heads,
                FrontHead.ofLastLayer(sound.file(), "a.gen.code.proj_in", depth, transformer, load),
                depth,
                sound.file()
                        .matrix(
                                "a.gen.code.out_embd.weight",
                                AudioGguf.CODEBOOKS * depth.codes(),
                                transformer.config().width()),
                tokens.space(),
                tokens.start(),
                pattern(Use.CONVERSATION, tokens, depth.endCode()));
    }

    private static Lfm3Pattern pattern(Use use, Lfm3Tokens tokens, int endCode) {
        return new Lfm3Pattern(use, tokens, INTERLEAVE, endCode);
    }

    /** Returns the sampling that the file recommends for codes. Text is decoded greedily. */
    static Sampling sampling(AudioGguf sound) {
        // A penalty below 1 is ignored, as in llama.cpp.
        float penalty = Math.max(1, (float) sound.sampling("penalty_repeat", Math.nextUp(0.0)));
        Sampling.Codes codes = new Sampling.Codes(
                (float) sound.sampling("temp", 0),
                sound.wholeSampling("top_k"),
                penalty,
                sound.wholeSampling("penalty_last_n"));
        return new Sampling(0, 0, 1, 1, 0, codes);
    }

    private static SpeechTasks tasks(
            LanguageModel languageModel,
            FrameUnits units,
            Lfm3Prompts prompts,
            PrefixEncoder hearing,
            Sampling sampling) {
        int end = units.endCode();
        LanguageModel reading = languageModel.with(units.in(pattern(Use.READING, prompts.tokens(), end)));
        SequencedMap<String, SpeechTasks.Task> voices = new LinkedHashMap<>();
        for (String voice : VOICES) {
            voices.put(voice, SpeechTasks.Task.reading(reading, prompts.readAloud(LANGUAGE, voice), sampling));
        }
        return new SpeechTasks(
                Optional.of(SpeechTasks.Task.transcription(
                        languageModel.with(units.in(pattern(Use.TRANSCRIPTION, prompts.tokens(), end))),
                        new SpeechInput.Embeddings(
                                hearing, prompts.transcribed(), Optional.empty(), FRAMES_PER_SECOND))),
                voices);
    }

    private static Synthesizer synthesizer(
            AudioGguf sound, LfmConfig sizes, FrameUnits units, Resources resources, Kernels kernels) {
        Detokenizer codec = resources.own(Detokenizer.load(sizes, sound.codec(), kernels, true));
        if (codec.codebooks() == AudioGguf.CODEBOOKS && codec.vocabulary() == units.endCode()) return codec;
        throw new BadFileException(
                sound.file().source(),
                "tensor a.gen.wav.quant.first.codebook.weight",
                "expected " + AudioGguf.CODEBOOKS + " codes of " + units.endCode() + " a frame, found "
                        + codec.codebooks() + " of " + codec.vocabulary());
    }

    @Override
    public List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener) {
        throw new BadFileException(folder, "is GGUF already: its publisher provides quantised files");
    }

    @Override
    public PublishedModel published() {
        return PUBLISHED;
    }
}
