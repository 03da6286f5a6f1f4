package sparrow.bench.synth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sparrow.models.family.ModelCard;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.stepaudio.StepAudioConfig;
import sparrow.models.stepaudio.StepAudioFolder;
import sparrow.models.stepaudio.Token2WavConfigs;
import sparrow.models.weights.AtomicFolder;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;

/**
 * Writes a Step-Audio-2 folder with random weights, the sizes of the published model, and the layout of a converted
 * model.
 */
final class RandomStepAudio {
    /** Names of the first added tokens by id. Unknown names are invented. */
    private static final List<String> FIRST_ADDED = List.of("""
            <|endoftext|> <|im_start|> <|im_end|> <|object_ref_start|> <|object_ref_end|>
            <|box_start|> <|box_end|> <|quad_start|> <|quad_end|> <|vision_start|> <|vision_end|>
            <|vision_pad|> <|image_pad|> <|video_pad|> <tool_call> </tool_call> <|fim_prefix|>
            <|fim_middle|> <|fim_suffix|> <|fim_pad|> <|repo_name|> <|file_sep|> <|EOT|> <|BOT|>
            """.split("\\s+"));

    /** Names of the last added tokens, by distance from the first speech token. */
    private static final Map<Integer, String> LAST_ADDED = Map.of(
            8, "<audio_start>",
            7, "<audio_end>",
            6, "<audio_patch>",
            3, "<tts_start>",
            2, "<tts_end>",
            1, "<tts_pad>");

    /** Number of codes in the voice, a recording of four seconds. */
    private static final int VOICE_CODES = 100;

    private RandomStepAudio() {}

    /**
     * The sizes of the networks in a folder.
     *
     * @param model the language model
     * @param textTokens number of byte-pair tokens; higher ids are added tokens
     * @param config format string of {@code config.json}, with the number of layers as argument
     * @param flow {@code flow.yaml}
     * @param adaptorWidth inner width of the adaptor
     * @param vocoderChannels number of channels in the vocoder and in its pitch predictor
     */
    record Sizes(
            PublishedModel model, int textTokens, String config, String flow, int adaptorWidth, int vocoderChannels) {
        static Sizes published(PublishedModel model) {
            return new Sizes(model, 151_643, StepAudioFiles.CONFIG, StepAudioFiles.FLOW, 2048, 512);
        }
    }

    /** Writes a folder as described in {@link SynthCommand}. */
    static void write(
            Sizes sizes, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        PublishedModel model = sizes.model();
        try (AtomicFolder folder = AtomicFolder.begin(to)) {
            Path out = folder.path();
            RandomLanguageModel.write(model, layers, quantisation, seed, out, out.resolve("heads"), listener);
            Files.writeString(out.resolve("config.json"), String.format(Locale.ROOT, sizes.config(), layers));
            SyntheticFiles.byteLevel(
                    out,
                    new SyntheticBytePairs(
                            sizes.textTokens(),
                            List.of("system\nYou are a helpful assistant.", "human\n", "assistant\n")),
                    addedTokens(sizes),
                    "Qwen2Tokenizer");
            StepAudioConfig config = StepAudioConfig.read(out);
            RandomFile.safetensors(
                    out.resolve(StepAudioFolder.AUDIO_ENCODER),
                    StepAudioTensors.audioEncoder(config.audioEncoder(), sizes.adaptorWidth()),
                    seed,
                    listener);
            speechDecoder(sizes, folder.folder(StepAudioFolder.TOKEN2WAV), seed, listener);
            ModelCard.writeNamed(out, model.name() + " of random weights");
            folder.finish();
        }
    }

    private static void speechDecoder(Sizes sizes, Path folder, long seed, ConversionListener listener)
            throws IOException {
        Path file = folder.resolve(StepAudioFolder.FLOW);
        Files.writeString(file, sizes.flow());
        DitFlowConfig flow = Token2WavConfigs.read(file);
        RandomFile.safetensors(folder.resolve("flow.safetensors"), StepAudioTensors.flow(flow), seed, listener);
        HiftConfig vocoder = HiftConfig.token2wav(sizes.vocoderChannels(), sizes.vocoderChannels());
        RandomFile.safetensors(folder.resolve("hift.safetensors"), HiftTensors.of(vocoder), seed, listener);
        VoiceFile.write(folder.resolve(VoiceFile.NAME), voice(flow, new SplittableRandom(seed)));
    }

    static Map<Integer, String> addedTokens(Sizes sizes) {
        Map<Integer, String> tokens = new TreeMap<>();
        for (int i = 0; i < FIRST_ADDED.size(); i++) tokens.put(sizes.textTokens() + i, FIRST_ADDED.get(i));
        int offset = sizes.model().tokens().speechOffset();
        LAST_ADDED.forEach((place, name) -> tokens.put(offset - place, name));
        for (int id = sizes.textTokens(); id < offset; id++) tokens.putIfAbsent(id, "<|reserved_" + id + "|>");
        int count = sizes.model().tokens().speechTokens();
        for (int code = 0; code < count; code++) tokens.put(offset + code, "<audio_" + code + ">");
        return tokens;
    }

    /** Returns a synthetic voice whose log magnitudes are in the range of speech. */
    private static Voice voice(DitFlowConfig flow, SplittableRandom random) {
        int[] codes = random.ints(VOICE_CODES, 0, flow.vocabulary()).toArray();
        float[] speaker = new float[flow.speakerWidth()];
        for (int i = 0; i < speaker.length; i++) speaker[i] = (float) random.nextDouble(-1, 1);
        float[] mel = new float[VOICE_CODES * Voice.FRAMES_PER_CODE * Voice.MEL_BINS];
        for (int i = 0; i < mel.length; i++) mel[i] = (float) random.nextDouble(-9, -1);
        return new Voice(codes, speaker, mel);
    }
}
