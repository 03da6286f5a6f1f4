package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;
import sparrow.speech.flow.unet.FlowConfig;
import sparrow.speech.hift.HiftConfig;
import sparrow.speech.hift.PhaseRule;

/** The decoder's config.yaml. */
class DecoderConfigsTest {
    private static final Path DATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path RANDOM = DATA.resolve("glm-4-voice/decoder/config.yaml");
    private static final Path TINY =
            DATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny/decoder/config.yaml");

    @TempDir
    private Path folder;

    @Test
    void sizesOfTheBundledModelAreRead() throws IOException {
        DecoderConfigs configs = DecoderConfigs.read(TINY);

        assertThat(configs.flow())
                .isEqualTo(new FlowConfig(
                        512,
                        80,
                        192,
                        12.5,
                        new FlowConfig.Encoder(128, 4, 256, 3, 10),
                        4,
                        0.7f,
                        10,
                        new FlowConfig.Estimator(List.of(96, 96), 2, 48, 1, 2)));
        HiftConfig.Residual three = new HiftConfig.Residual(3, List.of(1, 3));
        HiftConfig.Residual seven = new HiftConfig.Residual(7, List.of(1, 3));
        assertThat(configs.hift())
                .isEqualTo(new HiftConfig(
                        80,
                        96,
                        96,
                        22050,
                        new HiftConfig.Source(8, 0.1f, 0.003f, 10, PhaseRule.SAMPLE_BY_SAMPLE),
                        List.of(8, 8),
                        List.of(16, 16),
                        16,
                        4,
                        List.of(three, seven),
                        List.of(seven, seven),
                        0.99f));
    }

    @Test
    void referencesStandForTopLevelValues() throws IOException {
        DecoderConfigs configs = DecoderConfigs.read(RANDOM);

        assertThat(configs.flow().speakerWidth()).isEqualTo(192);
        assertThat(configs.hift().sampleRateHz()).isEqualTo(22050);
        assertThat(configs.hift().samplesPerFrame()).isEqualTo(256);
    }

    @Test
    void stepsOfADistilledFlowAreRead() throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, Files.readString(RANDOM).replace("sigma_min: 1e-06", "n_timesteps: 2"));

        assertThat(DecoderConfigs.read(file).flow().steps()).isEqualTo(2);
        assertThat(DecoderConfigs.read(RANDOM).flow().steps()).isEqualTo(10);
    }

    @Test
    void sectionsOfOtherPartsAreNotLookedAtAndNothingIsCalled() throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, """
                __set_seed1: !apply:random.seed [1986]
                __set_seed2: !apply:os.system ["touch called"]
                llm: !new:cosyvoice.llm.llm.TransformerLM
                    sampling: !name:cosyvoice.utils.common.ras_sampling
                        top_p: 0.8
                """ + Files.readString(RANDOM));

        assertThat(DecoderConfigs.read(file)).isEqualTo(DecoderConfigs.read(RANDOM));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "vocab_size: 64 | vocab_size: -64 | flow.vocab_size: expected a whole number of 1 or more, found -64",
                "vocab_size: 64 | vocab_size: many | flow.vocab_size: expected a whole number, found many",
                "vocab_size: 64 | vocab_size: 99999999999 | flow.vocab_size: expected a whole number, found 99999999999",
                "vocab_size: 64 | vocab_size: 2000000000 | flow.vocab_size: expected 1 to 16777216, got 2000000000",
                "vocab_size: 64 | vocab_sise: 64 | flow.vocab_sise: is unknown",
                "vocab_size: 64 | vocab_size: &a [*a] | flow.vocab_size: expected one value, found",
                "input_frame_rate: 12.5 | input_frame_rate: .nan | flow.input_frame_rate: expected a number",
                "input_frame_rate: 12.5 | input_frame_rate: 0 | flow.input_frame_rate: expected codes per second",
                "    input_size: 48 | | flow.input_size: is missing",
                "linear_units: 96 | linear_units: [96] | flow.encoder.linear_units: expected one value, found [96]",
                "attention_heads: 4 | attention_heads: 5 | flow.encoder.output_size: expected an even multiple of 5",
                "block_rel_selfattn | rel_selfattn | flow.encoder.selfattention_layer_type: expected block_rel_selfattn",
                "use_cnn_module: False | use_cnn_module: True | flow.encoder.use_cnn_module: expected false, found True",
                "sampling_ratios: [1, 1, 1, 1] | sampling_ratios: [1, 2] | flow.length_regulator.sampling_ratios: expected ratios of 1, found [1, 2]",
                "in_channels: 240 | in_channels: 241 | flow.decoder.in_channels: expected 240, found 241",
                "solver: 'euler' | solver: 'heun' | flow.decoder.cfm_params.content.solver: expected euler, found heun",
                "sigma_min: 1e-06 | n_timesteps: ten | flow.decoder.cfm_params.content.n_timesteps: expected a whole number, found ten",
                "sigma_min: 1e-06 | n_timesteps: 101 | flow.decoder.cfm_params.content.n_timesteps: expected 1 to 100, got 101",
                "channels: [24, 24] | channels: [24, 20] | flow.decoder.estimator.channels: expected multiples of 8",
                "channels: [24, 24] | channels: 24 | flow.decoder.estimator.channels: expected a list, found 24",
                "act_fn: 'gelu' | act_fn: 'snakebeta' | flow.decoder.estimator.act_fn: expected gelu, found snakebeta",
                "decoder.ConditionalDecoder | decoder.CausalConditionalDecoder | flow.decoder.estimator: expected !new:…ConditionalDecoder",
                "!new:cosyvoice.hifigan.generator.HiFTGenerator | | hift: expected !new:…HiFTGenerator",
                "upsample_kernel_sizes: [16, 16] | upsample_kernel_sizes: [16, 15] | hift.upsample_kernel_sizes: expected the rate",
                "upsample_rates: [8, 8] | upsample_rates: [8] | hift.upsample_kernel_sizes: expected one for each",
                "resblock_kernel_sizes: [3, 7, 11] | resblock_kernel_sizes: [3, 8, 11] | hift.resblock_kernel_sizes: expected odd sizes",
                "resblock_kernel_sizes: [3, 7, 11] | resblock_kernel_sizes: [3, 7] | hift.resblock_dilation_sizes: expected one list for each",
                "lrelu_slope: 0.1 | lrelu_slope: 0.2 | hift.lrelu_slope: expected 0.1, found 0.2",
                "!ref <sample_rate> | !ref <sample_rat> | hift.sampling_rate: !ref <sample_rat>: expected the <name>",
                "nsf_alpha: 0.1 | nsf_alpha: -0.1 | hift.nsf_alpha: expected a number of 0 or more",
                "num_class: 1 | num_class: 2 | hift.f0_predictor.num_class: expected 1, found 2",
            })
    void aFaultIsRefusedNamingFileAndKey(String right, String wrong, String message) throws IOException {
        Path file = folder.resolve("config.yaml");
        String text = Files.readString(RANDOM);
        assertThat(text).contains(right);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(right), wrong == null ? "" : wrong));

        assertThatThrownBy(() -> DecoderConfigs.read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void whatIsNotAConfigurationIsRefused() throws IOException {
        refused("", "expected a YAML mapping");
        refused("- 1\n- 2\n", "top level: expected a mapping");
        refused("flow: {a: 1", "not YAML");
        refused("a: 1\na: 2\n", "key \"a\" occurs twice");
        refused("a: " + "[".repeat(10_000), "levels of nesting");
        refused("? [1, 2]\n: 3\n", "expected scalar keys");
        refused("flow: 3\n", "flow: expected !new:…MaskedDiffWithXvec");
        assertThatThrownBy(() -> DecoderConfigs.read(folder.resolve("none.yaml")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("none.yaml: no such file");
        Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9, '\n'});
        assertThatThrownBy(() -> DecoderConfigs.read(folder.resolve("latin.yaml")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("expected UTF-8 text");
    }

    private void refused(String text, String message) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, text);
        assertThatThrownBy(() -> DecoderConfigs.read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }
}
