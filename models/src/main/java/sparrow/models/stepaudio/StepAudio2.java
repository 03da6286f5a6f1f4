package sparrow.models.stepaudio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Safetensors;
import sparrow.models.OpenOptions;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.config.ModelCard;
import sparrow.models.stepaudio.ChatTemplate.Content;
import sparrow.models.stepaudio.ChatTemplate.End;
import sparrow.models.stepaudio.ChatTemplate.Message;
import sparrow.models.stepaudio.ChatTemplate.Part;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.Resources;
import sparrow.models.weights.SpeechDecoderFiles;
import sparrow.models.weights.WeightFiles;
import sparrow.speech.encode.AudioPieces;
import sparrow.speech.encode.StepAudioEncoder;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.vocode.Token2Wav;
import sparrow.speech.voice.Voice;
import sparrow.speech.wave.Waveform;

/**
 * A checkpoint in the layout of Step-Audio-2-mini: it hears sound as vectors, writes one text token and four speech
 * tokens by turns, and speaks with a voice that is given to it. All sizes and ids come from its files.
 */
public final class StepAudio2 implements SpokenModel {
    /** The system turn of the official examples. */
    private static final String INSTRUCTION = "You are a helpful assistant.";

    /** The official calls for chat and speech, with the top-k that the transformers library adds. */
    private static final Sampling SAMPLING = new Sampling(0.7, 50, 0.9, 1.05, 0);

    /** Codes per second of a reply. */
    private static final double CODES_PER_SECOND = 25;

    private final Path folder;
    private final Parts parts;
    private final Optional<Path> voice;
    private final StepAudioConfig config;
    private final Kernels kernels;
    private final Resources resources;
    private final Checkpoint checkpoint;
    private final LanguageModel languageModel;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final ModelCard card;
    private final SharedPrefixes prefixes;
    private StepAudioEncoder encoder;
    private Synthesizer synthesizer;

    private StepAudio2(
            Path folder,
            Parts parts,
            Optional<Path> voice,
            StepAudioConfig config,
            Kernels kernels,
            Resources resources,
            Checkpoint checkpoint,
            LanguageModel languageModel,
            Tokenizer tokenizer,
            ModelCard card) {
        this.folder = folder;
        this.parts = parts;
        this.voice = voice;
        this.config = config;
        this.kernels = kernels;
        this.resources = resources;
        this.checkpoint = checkpoint;
        this.languageModel = languageModel;
        this.tokenizer = tokenizer;
        this.template = new ChatTemplate(tokenizer, config.transformer().width(), folder);
        this.card = card;
        this.prefixes = new SharedPrefixes(languageModel);
    }

    /**
     * Opens language model and text tokenizer; the audio parts follow when they are needed.
     *
     * @throws IllegalArgumentException in one line if a part is missing, broken, or not of this family
     * @throws IOException if a file cannot be read
     */
    public static StepAudio2 open(Path folder, OpenOptions companions, Kernels kernels) throws IOException {
        Parts parts = StepAudioFolder.parts(folder, companions.heads());
        StepAudioConfig config = StepAudioConfig.read(folder);
        Tokenizer tokenizer = Tokenizer.openByteLevel(folder);
        TokenSpace tokens = StepAudioTokens.of(tokenizer, config.transformer().vocabulary(), folder);
        Resources resources = new Resources();
        try {
            Checkpoint checkpoint = resources.own(WeightFiles.folder(folder));
            Function<Matrix, Weight> load = resources.loader(checkpoint, kernels);
            Transformer transformer = Qwen2.transformer(config.transformer(), checkpoint, kernels, load);
            ExitHeads exitHeads = HeadFiles.read(parts.heads(), transformer, resources, kernels);
            return new StepAudio2(
                    folder,
                    parts,
                    companions.voice(),
                    config,
                    kernels,
                    resources,
                    checkpoint,
                    new LanguageModel(transformer, exitHeads, tokens, StepAudioTokens.INTERLEAVE),
                    tokenizer,
                    ModelCard.read(folder));
        } catch (IOException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Makes a voice of somebody's speech.
     *
     * @param folder the checkpoint, whose networks hear the voice
     * @throws IllegalArgumentException in one line if the recording does not serve, a network is missing, or the module
     *     onnx is not on the class path
     * @throws IOException if a file cannot be read
     */
    public static Voice voice(Path wav, Path folder) throws IOException {
        return StepAudioVoice.open(Optional.of(wav), folder.resolve(StepAudioFolder.TOKEN2WAV));
    }

    @Override
    public String name() {
        return card.name();
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
        return WeightFiles.format(checkpoint);
    }

    @Override
    public LanguageModel languageModel() {
        return languageModel;
    }

    @Override
    public ExitPlan defaultPlan() {
        return card.plan(languageModel.heads());
    }

    @Override
    public Sampling defaultSampling() {
        return SAMPLING;
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
            case Question.Typed(String text) -> prompt(new Content.Text(text), first, 0);
            case Question.Spoken(Waveform waveform) -> {
                List<Part> heard = heard(waveform);
                yield prompt(new Content.Parts(heard), first, waveform.seconds());
            }
            case Question.Codes codes ->
                throw new IllegalArgumentException("question: " + name()
                        + " hears sound as vectors; expected a recording, got " + codes.codes().length + " codes");
        };
    }

    private Prompt prompt(Content question, boolean first, double seconds) {
        List<Message> turn = List.of(
                new Message("human", question, End.CLOSED),
                new Message("assistant", new Content.SpeechStart(), End.OPEN));
        if (!first) {
            // The reply before ended with the end of turn, or was cut off: either way its end was not fed.
            return prompt(template.after(turn), 0, seconds);
        }
        Message system = new Message("system", new Content.Text(INSTRUCTION), End.CLOSED);
        int shared = template.encode(List.of(system)).ids().length;
        List<Message> messages = new ArrayList<>(turn);
        messages.addFirst(system);
        return prompt(template.encode(messages), shared, seconds);
    }

    private static Prompt prompt(ChatTemplate.Encoded encoded, int shared, double seconds) {
        return new Prompt(encoded.ids(), encoded.rows(), shared, seconds, 0);
    }

    private List<Part> heard(Waveform waveform) {
        if (waveform.isSilent()) {
            throw new IllegalArgumentException(
                    "question: expected speech, found silence (peak " + waveform.peak() + ")");
        }
        List<float[]> rows = hear(AudioPieces.of(waveform));
        if (rows.stream().allMatch(piece -> piece.length == 0)) {
            throw new IllegalArgumentException(
                    "question: expected speech, found none in " + waveform.seconds() + " s of sound");
        }
        return rows.stream().<Part>map(Part.Audio::new).toList();
    }

    @Override
    public Optional<String> caution(Question question, boolean first) {
        return card.caution(!(question instanceof Question.Typed), first);
    }

    @Override
    public int[] encode(Waveform waveform) {
        throw new IllegalArgumentException(name() + " hears sound as vectors; expected a model that hears codes");
    }

    /** What the model makes of pieces of sound, for each [patches, width]. */
    List<float[]> hear(List<float[]> pieces) {
        return encoder().encode(pieces);
    }

    private synchronized StepAudioEncoder encoder() {
        if (encoder == null)
            encoder = resources.own(StepAudioEncoder.load(config.audioEncoder(), heardWith(), kernels));
        return encoder;
    }

    /** The safetensors of the language model, or the file beside it where that is in GGUF. */
    private Checkpoint heardWith() {
        Path part = parts.speechEncoder()
                .orElseThrow(() -> new BadFileException(
                        folder,
                        "audio encoder",
                        "expected " + StepAudioFolder.AUDIO_ENCODER + " beside " + WeightFiles.GGUF + ", found none"));
        if (Files.isDirectory(part)) return checkpoint;
        try {
            return resources.own(Safetensors.open(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized Synthesizer synthesizer() {
        if (synthesizer == null) {
            Path part = parts.speechDecoder()
                    .orElseThrow(() -> new BadFileException(
                            folder,
                            "speech decoder",
                            "expected a folder " + StepAudioFolder.TOKEN2WAV + ", found none"));
            try (Checkpoint flow = SpeechDecoderFiles.open(part, "flow");
                    Checkpoint hift = SpeechDecoderFiles.open(part, "hift")) {
                DitFlowConfig sizes = Token2WavConfigs.read(part.resolve("flow.yaml"));
                if (sizes.vocabulary() < languageModel.tokens().codes()) {
                    throw new BadFileException(
                            part.resolve("flow.yaml"),
                            "vocab_size",
                            "expected the " + languageModel.tokens().codes() + " codes of the language model, found "
                                    + sizes.vocabulary());
                }
                Voice speaker = StepAudioVoice.open(voice, part);
                synthesizer = resources.own(Token2Wav.load(sizes, flow, hift, speaker, kernels));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return synthesizer;
    }

    @Override
    public TextStream textStream() {
        // A tool call begins with an added token that belongs to the text; those around speech are no text ids.
        return tokenizer.streamWritten();
    }

    @Override
    public void close() {
        resources.close();
    }
}
