package sparrow.models.stepaudio;

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
import sparrow.models.gguf.RandomModel;
import sparrow.models.random.HiftTensors;
import sparrow.models.random.MadeUpBytePairs;
import sparrow.models.random.MadeUpFiles;
import sparrow.models.random.RandomFile;
import sparrow.models.weights.NewFolder;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;

/** Writes a Step-Audio-2 folder of random weights as large as the published one, laid out as a converted one. */
final class RandomStepAudio {
    /** Inner width of the published adaptor. */
    private static final int ADAPTOR_WIDTH = 2048;

    /** Channels of the published vocoder and of its pitch predictor. */
    private static final int VOCODER_CHANNELS = 512;

    /** Byte-pair tokens of the published vocabulary; ids behind them are added tokens. */
    private static final int TEXT_TOKENS = 151_643;

    /** Names of the first added tokens, by their ids; those that are not known are made up. */
    private static final List<String> FIRST_ADDED = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|object_ref_start|>",
            "<|object_ref_end|>",
            "<|box_start|>",
            "<|box_end|>",
            "<|quad_start|>",
            "<|quad_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|vision_pad|>",
            "<|image_pad|>",
            "<|video_pad|>",
            "<tool_call>",
            "</tool_call>",
            "<|fim_prefix|>",
            "<|fim_middle|>",
            "<|fim_suffix|>",
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|file_sep|>",
            "<|EOT|>",
            "<|BOT|>");

    private static final Map<Integer, String> LATER_ADDED = Map.of(
            151_688, "<audio_start>",
            151_689, "<audio_end>",
            151_690, "<audio_patch>",
            151_693, "<tts_start>",
            151_694, "<tts_end>",
            151_695, "<tts_pad>");

    /** Codes of the voice: a recording of four seconds. */
    private static final int VOICE_CODES = 100;

    private RandomStepAudio() {}

    /** As {@link sparrow.models.family.Family#writeRandom} says. */
    static void write(
            PublishedModel model, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        try (NewFolder folder = NewFolder.begin(to)) {
            Path out = folder.path();
            RandomModel.write(model, layers, quantisation, seed, out, out.resolve("heads"), listener);
            Files.writeString(out.resolve("config.json"), PublishedFiles.CONFIG.formatted(layers));
            MadeUpFiles.byteLevel(
                    out,
                    new MadeUpBytePairs(
                            TEXT_TOKENS, List.of("system\nYou are a helpful assistant.", "human\n", "assistant\n")),
                    addedTokens(model),
                    "Qwen2Tokenizer");
            StepAudioConfig sizes = StepAudioConfig.read(out);
            RandomFile.safetensors(
                    out.resolve(StepAudioFolder.AUDIO_ENCODER),
                    StepAudioTensors.audioEncoder(sizes.audioEncoder(), ADAPTOR_WIDTH),
                    seed,
                    listener);
            speechDecoder(folder.folder(StepAudioFolder.TOKEN2WAV), seed, listener);
            Files.writeString(
                    out.resolve(ModelCard.FILE),
                    String.format(Locale.ROOT, "{\"name\": \"%s of random weights\"}%n", model.name()));
            folder.finish();
        }
    }

    private static void speechDecoder(Path folder, long seed, ConversionListener listener) throws IOException {
        Path config = folder.resolve(StepAudioFolder.FLOW);
        Files.writeString(config, PublishedFiles.FLOW);
        DitFlowConfig sizes = Token2WavConfigs.read(config);
        RandomFile.torch(folder.resolve("flow.pt"), StepAudioTensors.flow(sizes), seed, listener);
        HiftConfig vocoder = HiftConfig.token2wav(VOCODER_CHANNELS, VOCODER_CHANNELS);
        RandomFile.torch(folder.resolve("hift.pt"), HiftTensors.of(vocoder), seed, listener);
        VoiceFile.write(folder.resolve(VoiceFile.NAME), voice(sizes, new SplittableRandom(seed)));
    }

    static Map<Integer, String> addedTokens(PublishedModel model) {
        Map<Integer, String> tokens = new TreeMap<>(LATER_ADDED);
        for (int i = 0; i < FIRST_ADDED.size(); i++) tokens.put(TEXT_TOKENS + i, FIRST_ADDED.get(i));
        int offset = model.tokens().speechOffset();
        for (int code = 0; code < model.tokens().speechTokens(); code++) tokens.put(offset + code, "<audio_" + code + ">");
        for (int id = TEXT_TOKENS; id < offset; id++) tokens.putIfAbsent(id, "<|reserved_" + id + "|>");
        return tokens;
    }

    /** Of nobody: logarithms of magnitudes as speech has them. */
    private static Voice voice(DitFlowConfig sizes, SplittableRandom random) {
        int[] codes = random.ints(VOICE_CODES, 0, sizes.vocabulary()).toArray();
        float[] speaker = new float[sizes.speakerWidth()];
        for (int i = 0; i < speaker.length; i++) speaker[i] = (float) random.nextDouble(-1, 1);
        float[] mel = new float[VOICE_CODES * Voice.FRAMES_PER_CODE * Voice.MEL_BINS];
        for (int i = 0; i < mel.length; i++) mel[i] = (float) random.nextDouble(-9, -1);
        return new Voice(codes, speaker, mel);
    }
}
