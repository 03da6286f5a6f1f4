package sparrow.models.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.engine.decode.InterleaveFormat;
import sparrow.engine.decode.SpeechMarks;
import sparrow.engine.decode.SpeechTokens;
import sparrow.engine.decode.TokenSpace;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;

/** Sizes and ids of the published models, for files of random weights that are as large. */
public enum PublishedModel {
    /** 40 layers; exit heads as in the paper's schedules and its layer study. */
    GLM_4_VOICE_9B(
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
            new TokenSpace(152_353, 16_383, 168_736, Set.of(151_329, 151_336, 151_338)),
            new InterleaveFormat(13, 26),
            List.of(30, 36)),
    /** 28 layers; the exit head of the paper's schedules. */
    STEP_AUDIO_2_MINI(
            Architecture.QWEN2,
            new TransformerConfig(
                    28, 3584, 28, 4, 128, 18_944, 158_720, 16_384, 1e-6f, new Rope(128, 1e6, Rope.Pairing.HALVES)),
            new TokenSpace(
                    151_688,
                    new SpeechTokens(151_696, 6561, 6656, Optional.of(new SpeechMarks(151_693, 151_694, 151_695))),
                    158_352,
                    Set.of(151_643, 151_645, 151_665)),
            new InterleaveFormat(1, 4),
            List.of(22));

    private final Architecture architecture;
    private final TransformerConfig config;
    private final TokenSpace tokens;
    private final InterleaveFormat interleave;
    private final List<Integer> exitLayers;

    PublishedModel(
            Architecture architecture,
            TransformerConfig config,
            TokenSpace tokens,
            InterleaveFormat interleave,
            List<Integer> exitLayers) {
        this.architecture = architecture;
        this.config = config;
        this.tokens = tokens;
        this.interleave = interleave;
        this.exitLayers = exitLayers;
    }

    /**
     * The model of a name such as {@code glm-4-voice-9b}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static PublishedModel of(String name) {
        for (PublishedModel model : values()) {
            if (model.label().equals(name)) return model;
        }
        String known = Arrays.stream(values()).map(PublishedModel::label).collect(Collectors.joining(" or "));
        throw new IllegalArgumentException("model: expected " + known + ", got " + name);
    }

    /** Name on the command line and in messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The sizes. */
    public TransformerConfig config() {
        return config;
    }

    Architecture architecture() {
        return architecture;
    }

    TokenSpace tokens() {
        return tokens;
    }

    InterleaveFormat interleave() {
        return interleave;
    }

    /** Layers that get an exit head, of those below {@code layers}. */
    List<Integer> exitLayers(int layers) {
        return exitLayers.stream().filter(layer -> layer < layers).toList();
    }

    /** Ids that a speech position may decide, in order. */
    int[] speechRows() {
        return tokens.allowedInSpeech().stream().toArray();
    }
}
