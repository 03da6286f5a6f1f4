package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Files;
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
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.CacheFolder;
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
import sparrow.speech.encode.AudioPieces;
import sparrow.speech.encode.StepAudioEncoder;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.flow.dit.PromptStore;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.vocode.Token2Wav;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.speech.voice.VoiceMaker;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.Kernels;

/**
 * Checkpoints in the layout of Step-Audio-2-mini. The model accepts audio as embeddings, alternates one text token and
 * four speech tokens, and speaks with a selectable voice. All sizes and ids are read from its files.
 */
public final class StepAudioFamily implements Family {
    /** Sampling of the official chat and speech examples, with the transformers library's default top-k. */
    private static final Sampling SAMPLING = new Sampling(0.7, 50, 0.9, 1.05, 0);

    /** Number of speech codes per second of a reply. */
    private static final double CODES_PER_SECOND = 25;

    /** Number of context positions per second of a question. */
    private static final double POSITIONS_PER_SECOND = 12.5;

    /** The published model, with the exit head in the paper's schedules. */
    private static final PublishedModel PUBLISHED = new PublishedModel(
            "step-audio-2-mini",
            Architecture.QWEN2,
            new TransformerConfig(
                    28, 3584, 28, 4, 128, 18_944, 158_720, 16_384, 1e-6f, new Rope(128, 1e6, Rope.Pairing.HALVES)),
            new TokenSpace(
                    151_688,
                    new SpeechTokens(151_696, 6561, 6656, Optional.of(new SpeechMarks(151_693, 151_694, 151_695))),
                    158_352,
                    Set.of(151_643, 151_645, 151_665)),
            StepAudioTokens.INTERLEAVE,
            List.of(22));

    @Override
    public String name() {
        return "Step-Audio-2";
    }

    @Override
    public Layout layout() {
        return new Layout("model_type", StepAudioConfig.MODEL_TYPE, List.of());
    }

    @Override
    public OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException {
        ModelFiles files = StepAudioFolder.files(folder, heads);
        StepAudioConfig config = StepAudioConfig.read(folder);
        Tokenizer tokenizer = Tokenizer.openByteLevel(folder);
        StepAudioTokens tokens =
                StepAudioTokens.of(tokenizer, config.transformer().vocabulary(), folder);
        StepAudioPrompts prompts =
                new StepAudioPrompts(tokenizer, tokens, config.transformer().width());
        return Resources.opening(resources -> {
            Checkpoint checkpoint = resources.own(WeightFiles.folder(folder));
            WeightPlacement weights = new WeightPlacement(resources, kernels, device);
            Transformer transformer = weights.transformer(
                    checkpoint, load -> Qwen2.transformer(config.text(), checkpoint, kernels, load));
            ExitHeads exitHeads = HeadFiles.read(files.heads(), files.draftHead(), transformer, weights);
            Lazy<StepAudioEncoder> encoder = new Lazy<>(() -> resources.own(StepAudioEncoder.load(
                    config.audioEncoder(), encoderWeights(folder, files, checkpoint, resources), kernels)));
            LanguageModel languageModel = new LanguageModel(
                    transformer,
                    exitHeads,
                    tokens.space(),
                    StepAudioTokens.INTERLEAVE,
                    token -> SpeechBudget.length(tokenizer.textBytes(token)));
            AudioEncoder audioEncoder = new AudioEncoder(encoder);
            return new OpenedModel(
                    new ModelInfo(
                            name(),
                            folder,
                            files,
                            WeightFiles.format(checkpoint),
                            ModelCard.read(folder),
                            SAMPLING,
                            CODES_PER_SECOND),
                    languageModel,
                    prompts.typed(),
                    new SpeechInput.Embeddings(
                            audioEncoder, prompts.spoken(), Optional.of(prompts.mixed()), POSITIONS_PER_SECOND),
                    tasks(languageModel, prompts, audioEncoder),
                    StepAudioTools.of(tokenizer, prompts),
                    new Lazy<>(() -> synthesizer(folder, files, voice, resources, kernels)),
                    // The added token that begins a tool call is part of the text, unlike the ids around speech.
                    tokenizer::streamWritten,
                    tokenizer::encodeText,
                    resources::requireUnchanged,
                    resources::close);
        });
    }

    private static SpeechTasks tasks(LanguageModel languageModel, StepAudioPrompts prompts, AudioEncoder audioEncoder) {
        SequencedMap<String, SpeechTasks.Task> voices = new LinkedHashMap<>();
        voices.put("default", SpeechTasks.Task.reading(languageModel, prompts.readAloud(), SAMPLING));
        return new SpeechTasks(
                Optional.of(SpeechTasks.Task.transcription(
                        languageModel,
                        new SpeechInput.Embeddings(
                                audioEncoder, prompts.transcribed(), Optional.empty(), POSITIONS_PER_SECOND))),
                voices);
    }

    /** The audio encoder, which is loaded when it is first used. */
    private record AudioEncoder(Lazy<StepAudioEncoder> encoder) implements SpeechInput.Encoder<List<float[]>> {
        @Override
        public List<float[]> encode(Waveform waveform) {
            return encoder.get().encode(AudioPieces.of(waveform));
        }

        @Override
        public List<float[]> features(Waveform waveform) {
            return encoder.get().features(AudioPieces.of(waveform));
        }
    }

    /** Returns the weights of the audio encoder, which are in {@code shared} unless the language model is in GGUF. */
    private static Checkpoint encoderWeights(Path folder, ModelFiles files, Checkpoint shared, Resources resources)
            throws IOException {
        Path part = files.speechEncoder()
                .orElseThrow(() -> new BadFileException(
                        folder,
                        "audio encoder",
                        "expected " + StepAudioFolder.AUDIO_ENCODER + " beside " + WeightFiles.GGUF + ", found none"));
        return Files.isDirectory(part) ? shared : resources.own(WeightFiles.file(part));
    }

    private static Synthesizer synthesizer(
            Path folder, ModelFiles files, Optional<Path> voice, Resources resources, Kernels kernels)
            throws IOException {
        Path part = files.speechDecoder()
                .orElseThrow(() -> new BadFileException(
                        folder, "speech decoder", "expected a folder " + StepAudioFolder.TOKEN2WAV + ", found none"));
        try (Checkpoint flow = WeightFiles.speechDecoder(part, "flow");
                Checkpoint hift = WeightFiles.speechDecoder(part, "hift")) {
            DitFlowConfig sizes = Token2WavConfigs.read(part.resolve(StepAudioFolder.FLOW));
            PromptStore store = new PromptStore(CacheFolder.ofUser().resolve("voices"), flow.source());
            return resources.own(Token2Wav.load(sizes, flow, hift, openVoice(voice, part), kernels)
                    .withStore(store));
        }
    }

    @Override
    public List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        return StepAudioConversion.convert(folder, heads, quantisations, to, listener);
    }

    @Override
    public Optional<Voices> voices() {
        return Optional.of((wav, folder) -> openVoice(Optional.of(wav), folder.resolve(StepAudioFolder.TOKEN2WAV)));
    }

    @Override
    public PublishedModel published() {
        return PUBLISHED;
    }

    /**
     * Opens a voice file, or creates a voice from a recording.
     *
     * @param given a WAV file or a voice file; if empty, {@code voice.safetensors} in {@code token2wav/} is used
     * @throws BadFileException if the file is missing or damaged, or the networks or the module required for a WAV file
     *     are missing
     * @throws IOException if a file cannot be read
     */
    private static Voice openVoice(Optional<Path> given, Path token2wav) throws IOException {
        Path file = given.orElse(token2wav.resolve(VoiceFile.NAME));
        if (!Files.isRegularFile(file)) {
            throw new BadFileException(file, "no such voice: expected a WAV file of a speaker, or a voice file");
        }
        if (!isWav(file)) return VoiceFile.read(file);
        VoiceMaker maker = VoiceMaker.find()
                .orElseThrow(() -> new BadFileException(
                        file,
                        "creating a voice from a recording requires the artifact sparrow-onnx, which is not on the class path;"
                                + " expected it, or a " + VoiceFile.NAME));
        return maker.make(WavFile.readChannels(file), token2wav);
    }

    private static boolean isWav(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".wav");
    }
}
