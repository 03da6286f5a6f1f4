package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sparrow.models.config.YamlConfig;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.hift.PhaseRule;
import sparrow.speech.schedule.FlowSchedule;

/**
 * The sizes of the flow and the vocoder in the decoder's {@code config.yaml}. Settings that Sparrow's networks do not
 * vary must have the supported value. Training settings and sections for other parts are ignored.
 *
 * @param flow the sizes of the flow, whose weights are in {@code flow.pt} or {@code flow.safetensors}
 * @param hift the sizes of the vocoder, whose weights are in {@code hift.pt} or {@code hift.safetensors}
 */
public record DecoderConfigs(FlowConfig flow, HiftConfig hift) {
    private static final Set<String> FLOW = Set.of(
            "input_size",
            "output_size",
            "spk_embed_dim",
            "output_type",
            "vocab_size",
            "input_frame_rate",
            "only_mask_loss",
            "encoder",
            "length_regulator",
            "decoder");
    private static final Set<String> ENCODER = Set.of(
            "output_size",
            "attention_heads",
            "linear_units",
            "num_blocks",
            "dropout_rate",
            "positional_dropout_rate",
            "attention_dropout_rate",
            "normalize_before",
            "input_layer",
            "pos_enc_layer_type",
            "selfattention_layer_type",
            "block_size",
            "input_size",
            "use_cnn_module",
            "macaron_style");
    private static final Set<String> SAMPLER =
            Set.of("in_channels", "n_spks", "spk_emb_dim", "cfm_params", "estimator");
    private static final Set<String> SAMPLER_PARAMETERS = Set.of(
            "sigma_min",
            "solver",
            "t_scheduler",
            "training_cfg_rate",
            "inference_cfg_rate",
            "n_timesteps",
            "reg_loss_type");
    private static final Set<String> ESTIMATOR = Set.of(
            "in_channels",
            "out_channels",
            "channels",
            "dropout",
            "attention_head_dim",
            "n_blocks",
            "num_mid_blocks",
            "num_heads",
            "act_fn");
    private static final Set<String> HIFT = Set.of(
            "in_channels",
            "base_channels",
            "nb_harmonics",
            "sampling_rate",
            "nsf_alpha",
            "nsf_sigma",
            "nsf_voiced_threshold",
            "upsample_rates",
            "upsample_kernel_sizes",
            "istft_params",
            "resblock_kernel_sizes",
            "resblock_dilation_sizes",
            "source_resblock_kernel_sizes",
            "source_resblock_dilation_sizes",
            "lrelu_slope",
            "audio_limit",
            "f0_predictor");

    /**
     * Reads the file.
     *
     * @throws sparrow.formats.BadFileException if a key is missing, contradictory or not supported
     * @throws IOException if the file cannot be read
     */
    public static DecoderConfigs read(Path file) throws IOException {
        YamlConfig yaml = YamlConfig.read(file);
        return yaml.validated(() -> {
            FlowConfig flow = flow(yaml.section("flow", "MaskedDiffWithXvec"));
            return new DecoderConfigs(flow, hift(yaml.section("hift", "HiFTGenerator"), flow.melBins()));
        });
    }

    private static FlowConfig flow(YamlConfig yaml) {
        yaml.expectOnly(FLOW);
        yaml.expect("output_type", "mel");
        int bins = yaml.positive("output_size");
        YamlConfig sampler = yaml.section("decoder", "ConditionalCFM");
        YamlConfig parameters = parameters(sampler, bins);
        return new FlowConfig(
                yaml.positive("vocab_size"),
                bins,
                yaml.positive("spk_embed_dim"),
                yaml.number("input_frame_rate"),
                encoder(yaml.section("encoder", "BlockConformerEncoder"), yaml.positive("input_size")),
                regulatorLayers(yaml.section("length_regulator", "InterpolateRegulator"), bins),
                (float) parameters.number("inference_cfg_rate"),
                parameters.positive("n_timesteps", FlowSchedule.USUAL_STEPS),
                estimator(sampler.section("estimator", "ConditionalDecoder"), bins));
    }

    private static FlowConfig.Encoder encoder(YamlConfig yaml, int width) {
        yaml.expectOnly(ENCODER);
        yaml.expect("input_size", width);
        yaml.expect("output_size", width);
        yaml.expect("normalize_before", true);
        yaml.expect("input_layer", "linear");
        yaml.expect("pos_enc_layer_type", "rel_pos_espnet");
        yaml.expect("selfattention_layer_type", "block_rel_selfattn");
        yaml.expect("use_cnn_module", false);
        yaml.expect("macaron_style", false);
        return new FlowConfig.Encoder(
                width,
                yaml.positive("attention_heads"),
                yaml.positive("linear_units"),
                yaml.positive("num_blocks"),
                yaml.positive("block_size"));
    }

    private static int regulatorLayers(YamlConfig yaml, int bins) {
        yaml.expectOnly(Set.of("channels", "sampling_ratios"));
        yaml.expect("channels", bins);
        List<Integer> ratios = yaml.integers("sampling_ratios");
        if (ratios.stream().anyMatch(ratio -> ratio != 1)) throw yaml.wrong("sampling_ratios", "ratios of 1");
        return ratios.size();
    }

    private static YamlConfig parameters(YamlConfig yaml, int bins) {
        yaml.expectOnly(SAMPLER);
        yaml.expect("in_channels", 3 * bins);
        yaml.expect("n_spks", 1);
        yaml.expect("spk_emb_dim", bins);
        YamlConfig parameters = yaml.section("cfm_params").section("content");
        parameters.expectOnly(SAMPLER_PARAMETERS);
        parameters.expect("solver", "euler");
        parameters.expect("t_scheduler", "cosine");
        return parameters;
    }

    private static FlowConfig.Estimator estimator(YamlConfig yaml, int bins) {
        yaml.expectOnly(ESTIMATOR);
        yaml.expect("in_channels", 4 * bins);
        yaml.expect("out_channels", bins);
        yaml.expect("act_fn", "gelu");
        return new FlowConfig.Estimator(
                yaml.integers("channels"),
                yaml.positive("num_heads"),
                yaml.positive("attention_head_dim"),
                yaml.positive("n_blocks"),
                yaml.positive("num_mid_blocks"));
    }

    private static HiftConfig hift(YamlConfig yaml, int bins) {
        yaml.expectOnly(HIFT);
        yaml.expect("in_channels", bins);
        yaml.expect("lrelu_slope", 0.1);
        YamlConfig pitch = yaml.section("f0_predictor", "ConvRNNF0Predictor");
        pitch.expectOnly(Set.of("num_class", "in_channels", "cond_channels"));
        pitch.expect("num_class", 1);
        pitch.expect("in_channels", bins);
        YamlConfig fourier = yaml.section("istft_params");
        fourier.expectOnly(Set.of("n_fft", "hop_len"));
        return new HiftConfig(
                bins,
                yaml.positive("base_channels"),
                pitch.positive("cond_channels"),
                yaml.positive("sampling_rate"),
                new HiftConfig.Source(
                        yaml.count("nb_harmonics"),
                        (float) yaml.number("nsf_alpha"),
                        (float) yaml.number("nsf_sigma"),
                        (float) yaml.number("nsf_voiced_threshold"),
                        PhaseRule.SAMPLE_BY_SAMPLE),
                yaml.integers("upsample_rates"),
                yaml.integers("upsample_kernel_sizes"),
                fourier.positive("n_fft"),
                fourier.positive("hop_len"),
                residuals(yaml, "resblock"),
                residuals(yaml, "source_resblock"),
                (float) yaml.number("audio_limit"));
    }

    private static List<HiftConfig.Residual> residuals(YamlConfig yaml, String kind) {
        List<Integer> kernels = yaml.integers(kind + "_kernel_sizes");
        List<List<Integer>> dilations = yaml.integerLists(kind + "_dilation_sizes");
        if (dilations.size() != kernels.size()) {
            throw yaml.wrong(kind + "_dilation_sizes", "one list for each of the " + kernels.size() + " kernels");
        }
        List<HiftConfig.Residual> blocks = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            blocks.add(new HiftConfig.Residual(kernels.get(i), dilations.get(i)));
        }
        return blocks;
    }
}
