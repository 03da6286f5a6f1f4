package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import sparrow.models.config.YamlConfig;
import sparrow.speech.flow.dit.DitFlowConfig;
import sparrow.speech.schedule.FlowSchedule;

/**
 * Reads the flow's sizes from Step-Audio-2's {@code token2wav/flow.yaml}. Settings that Sparrow's network does not vary
 * must have the supported value. Training settings are ignored. The vocoder has no such file.
 */
public final class Token2WavConfigs {
    private static final String FLOW_CLASS = "CausalMaskedDiffWithXvec";
    private static final String CODES = "vocab_size";
    private static final Set<String> FLOW =
            Set.of("input_size", "output_size", "spk_embed_dim", "output_type", CODES, "encoder", "decoder");
    private static final Set<String> ENCODER = Set.of(
            "input_size",
            "output_size",
            "input_layer",
            "pre_lookahead_len",
            "num_blocks",
            "num_up_blocks",
            "up_stride",
            "up_scale_factor",
            "attention_heads",
            "pos_enc_layer_type",
            "selfattention_layer_type",
            "key_bias",
            "linear_units",
            "dropout_rate",
            "positional_dropout_rate",
            "attention_dropout_rate",
            "normalize_before");
    private static final Set<String> ESTIMATOR =
            Set.of("in_channels", "out_channels", "mlp_ratio", "depth", "num_heads", "head_dim", "hidden_size");

    private Token2WavConfigs() {}

    /**
     * Reads the file.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     * @throws IOException if the file cannot be read
     */
    public static DitFlowConfig read(Path file) throws IOException {
        YamlConfig yaml = YamlConfig.read(file);
        return yaml.validated(() -> flow(yaml.section("flow", FLOW_CLASS)));
    }

    /**
     * Reads only the number of speech codes, {@code vocab_size}.
     *
     * @throws sparrow.formats.BadFileException if a key is missing or invalid
     * @throws IOException if the file cannot be read
     */
    static int codes(Path file) throws IOException {
        return YamlConfig.read(file).section("flow", FLOW_CLASS).positive(CODES);
    }

    private static DitFlowConfig flow(YamlConfig yaml) {
        yaml.expectOnly(FLOW);
        yaml.expect("output_type", "mel");
        int bins = yaml.positive("output_size");
        YamlConfig sampler = yaml.section("decoder", "CausalConditionalCFM");
        sampler.expectOnly(Set.of("inference_cfg_rate", "n_timesteps", "estimator"));
        return new DitFlowConfig(
                yaml.positive(CODES),
                bins,
                yaml.positive("spk_embed_dim"),
                encoder(yaml.section("encoder", "UpsampleConformerEncoderV2"), yaml.positive("input_size")),
                (float) sampler.number("inference_cfg_rate"),
                sampler.positive("n_timesteps", FlowSchedule.USUAL_STEPS),
                estimator(sampler.section("estimator", "DiT"), bins));
    }

    private static DitFlowConfig.Encoder encoder(YamlConfig yaml, int width) {
        yaml.expectOnly(ENCODER);
        yaml.expect("input_size", width);
        yaml.expect("output_size", width);
        yaml.expect("input_layer", "linear");
        yaml.expect("pos_enc_layer_type", "rel_pos_espnet");
        yaml.expect("selfattention_layer_type", "rel_selfattn");
        yaml.expect("key_bias", true);
        yaml.expect("normalize_before", true);
        int framesPerCode = yaml.positive("up_stride");
        yaml.expect("up_scale_factor", framesPerCode);
        return new DitFlowConfig.Encoder(
                width,
                yaml.positive("attention_heads"),
                yaml.positive("linear_units"),
                yaml.positive("num_blocks"),
                yaml.positive("num_up_blocks"),
                framesPerCode,
                yaml.positive("pre_lookahead_len"));
    }

    private static DitFlowConfig.Estimator estimator(YamlConfig yaml, int bins) {
        yaml.expectOnly(ESTIMATOR);
        yaml.expect("in_channels", 4 * bins);
        yaml.expect("out_channels", bins);
        int width = yaml.positive("hidden_size");
        return new DitFlowConfig.Estimator(
                width,
                yaml.positive("depth"),
                yaml.positive("num_heads"),
                yaml.positive("head_dim"),
                feedForward(yaml, width));
    }

    /** Returns the feed-forward width: the ratio times the width, rounded down as in the official module. */
    private static int feedForward(YamlConfig yaml, int width) {
        double ratio = yaml.number("mlp_ratio");
        if (!(ratio > 0 && ratio < 1000)) throw yaml.wrong("mlp_ratio", "a number above 0 and below 1000");
        return (int) (width * ratio);
    }
}
