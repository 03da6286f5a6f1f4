package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;
import sparrow.speech.flow.dit.DitFlowConfig;

/** The flow.yaml of token2wav. */
class Token2WavConfigsTest {
    private static final Path FLOW =
            Path.of(System.getProperty("sparrow.testdata")).resolve("step-audio-2-mini/ckpt/token2wav/flow.yaml");

    @TempDir
    private Path folder;

    @Test
    void sizesOfTheFlowAreRead() throws IOException {
        assertThat(Token2WavConfigs.read(FLOW))
                .isEqualTo(new DitFlowConfig(
                        81,
                        80,
                        24,
                        new DitFlowConfig.Encoder(32, 4, 48, 2, 2, 2, 3),
                        0.7f,
                        10,
                        new DitFlowConfig.Estimator(32, 3, 2, 16, 128)));
    }

    @Test
    void stepsOfADistilledFlowAreRead() throws IOException {
        Path file = folder.resolve("flow.yaml");
        String text = Files.readString(FLOW);
        String withSteps = "( *)inference_cfg_rate: 0.7";
        Files.writeString(file, text.replaceFirst(withSteps, "$0\n$1n_timesteps: 2"));

        assertThat(Token2WavConfigs.read(file).steps()).isEqualTo(2);

        Files.writeString(file, text.replaceFirst(withSteps, "$0\n$1n_timesteps: 0"));
        assertThatThrownBy(() -> Token2WavConfigs.read(file))
                .hasMessage(file + ": flow.decoder.n_timesteps: expected a whole number of 1 or more, found 0");
        Files.writeString(file, text.replaceFirst(withSteps, "$0\n$1n_timesteps: 101"));
        assertThatThrownBy(() -> Token2WavConfigs.read(file))
                .hasMessage(file + ": flow.decoder.n_timesteps: expected 1 to 100, got 101");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vocab_size: 81 | vocab_size: 0 | flow.vocab_size: expected a whole number of 1 or more, found 0",
                "vocab_size: 81 | vocab_size: 99999999 | flow.vocab_size: expected 1 to",
                "vocab_size: 81 | | flow.vocab_size: is missing",
                "output_size: 80 | output_size: 64 | flow.decoder.estimator.in_channels: expected 256, found 320",
                "spk_embed_dim: 24 | sampling_rate: 24000 | flow.sampling_rate: is unknown",
                "output_type: 'mel' | output_type: 'wav' | flow.output_type: expected mel, found wav",
                "flow.CausalMaskedDiffWithXvec | flow.MaskedDiffWithXvec | flow: expected !new:…CausalMaskedDiffWithXvec",
                "UpsampleConformerEncoderV2 | ConformerEncoder | flow.encoder: expected !new:…UpsampleConformerEncoderV2",
                "CausalConditionalCFM | ConditionalCFM | flow.decoder: expected !new:…CausalConditionalCFM",
                "decoder_dit.DiT | decoder_dit.UNet | flow.decoder.estimator: expected !new:…DiT",
                "attention_heads: 4 | attention_heads: 5 | flow.encoder.output_size: expected an even multiple of 5",
                "up_scale_factor: 2 | up_scale_factor: 3 | flow.encoder.up_scale_factor: expected 2, found 3",
                "up_stride: 2 | up_stride: 3 | flow.encoder.up_scale_factor: expected 3, found 2",
                "pre_lookahead_len: 3 | pre_lookahead_len: 4 | flow.encoder.pre_lookahead_len: expected at most the 3 codes",
                "key_bias: true | key_bias: false | flow.encoder.key_bias: expected true, found false",
                "'rel_selfattn' | 'selfattn' | flow.encoder.selfattention_layer_type: expected rel_selfattn",
                "normalize_before: True | static_chunk_size: 25 | flow.encoder.static_chunk_size: is unknown",
                "inference_cfg_rate: 0.7 | inference_cfg_rate: -1 | flow.decoder.inference_cfg_rate: expected a number of 0 or more",
                "in_channels: 320 | in_channels: 321 | flow.decoder.estimator.in_channels: expected 320, found 321",
                "mlp_ratio: 4.0 | mlp_ratio: -4 | flow.decoder.estimator.mlp_ratio: expected a number above 0",
                "mlp_ratio: 4.0 | mlp_ratio: 0.01 | flow.decoder.estimator.mlp_ratio: expected 1 to",
                "depth: 3 | depth: three | flow.decoder.estimator.depth: expected a whole number, found three",
            })
    void aFaultIsRefusedNamingFileAndKey(String right, String wrong, String message) throws IOException {
        Path file = folder.resolve("flow.yaml");
        String text = Files.readString(FLOW);
        assertThat(text).contains(right);
        Files.writeString(file, text.replaceFirst(Pattern.quote(right), wrong == null ? "" : wrong));

        assertThatThrownBy(() -> Token2WavConfigs.read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void whatVoicesDoNotHaveIsRefused() throws IOException {
        Path file = folder.resolve("flow.yaml");
        String text = Files.readString(FLOW);

        Files.writeString(
                file,
                text.replace("output_size: 80", "output_size: 64")
                        .replace("in_channels: 320", "in_channels: 256")
                        .replace("out_channels: 80", "out_channels: 64"));
        assertThatThrownBy(() -> Token2WavConfigs.read(file))
                .hasMessage(file + ": flow.output_size: expected the 80 bins of a voice's mel frames, got 64");

        Files.writeString(
                file, text.replace("up_stride: 2", "up_stride: 3").replace("up_scale_factor: 2", "up_scale_factor: 3"));
        assertThatThrownBy(() -> Token2WavConfigs.read(file))
                .hasMessage(file + ": flow.encoder.up_stride: expected the 2 frames per code of a voice, got 3");
    }
}
