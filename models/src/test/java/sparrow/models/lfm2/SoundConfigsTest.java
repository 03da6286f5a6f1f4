package sparrow.models.lfm2;

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
import sparrow.formats.JsonFile;
import sparrow.speech.fastconformer.FastConformerConfig;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.lfm.LfmConfig.Mixing;

/** The configurations of speech encoder and detokenizer. */
class SoundConfigsTest {
    private static final Path CHECKPOINTS =
            Path.of(System.getProperty("sparrow.testdata")).resolve("lfm2-audio");

    private static final String DETOKENIZER = "audio_detokenizer/config.json";

    @TempDir
    private Path folder;

    @Test
    void sizesAreRead() throws IOException {
        Mixing conv = Mixing.CONVOLUTION;
        Mixing attention = Mixing.ATTENTION;
        assertThat(AudioEncoderConfigs.read(json("b", "config.json")))
                .isEqualTo(new FastConformerConfig(128, 40, 4, 3, 6, 120, 5, 48));
        assertThat(DetokenizerConfigs.read(json("a", DETOKENIZER)))
                .isEqualTo(new LfmConfig(
                        64, 4, 2, 3, 30, List.of(conv, attention, conv, attention, attention), 1e6, 1e-5f));
        assertThat(DetokenizerConfigs.read(json("b", DETOKENIZER)))
                .isEqualTo(new LfmConfig(32, 2, 1, 4, 11, List.of(conv, attention, conv, attention), 1e4, 1e-5f));
    }

    private static JsonFile json(String set, String file) throws IOException {
        return JsonFile.read(CHECKPOINTS.resolve(set).resolve(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"sample_rate\": 16000 | \"sample_rate\": 8000 | preprocessor.sample_rate: expected 16000, found 8000",
                "\"per_feature\" | \"all_features\" | preprocessor.normalize: expected per_feature, found",
                "\"window_size\": 0.025 | \"window_size\": 0.02 | preprocessor.window_size: expected 0.025, found 0.02",
                "\"window_stride\": 0.01 | \"w\": 1 | preprocessor.window_stride: is missing",
                "\"window\": \"hann\" | \"window\": \"hamming\" | preprocessor.window: expected hann, found",
                "\"n_fft\": 512 | \"n_fft\": 400 | preprocessor.n_fft: expected 512, found 400",
                "\"log\": true | \"log\": false | preprocessor.log: expected true, found false",
                "\"frame_splicing\": 1 | \"frame_splicing\": 2 | preprocessor.frame_splicing: expected 1, found 2",
                "\"pad_to\": 0 | \"pad_to\": 16 | preprocessor.pad_to: expected 0, found 16",
                "\"pad_value\": 0.0 | \"pad_value\": 1.0 | preprocessor.pad_value: expected 0.0, found 1.0",
                "\"features\": 128 | \"features\": 80 | encoder.feat_in: expected 80, found 128",
                "\"features\": 128 | \"features\": -1 | preprocessor.features: expected a whole number of 1 or more",
                "\"dw_striding\" | \"striding\" | encoder.subsampling: expected dw_striding, found",
                "\"subsampling_factor\": 8 | \"subsampling_factor\": 4 | encoder.subsampling_factor: expected 8, found"
                        + " 4",
                "\"causal_downsampling\": false | \"causal_downsampling\": true | encoder.causal_downsampling:"
                        + " expected false",
                "\"reduction\": null | \"reduction\": \"pooling\" | encoder.reduction: expected null, found",
                "\"reduction_factor\": 1 | \"reduction_factor\": 2 | encoder.reduction_factor: expected 1, found 2",
                "\"rel_pos\" | \"abs_pos\" | encoder.self_attention_model: expected rel_pos, found",
                "\"xscaling\": false | \"xscaling\": true | encoder.xscaling: expected false, found true",
                "\"untie_biases\": true | \"untie_biases\": false | encoder.untie_biases: expected true, found false",
                "\"batch_norm\" | \"layer_norm\" | encoder.conv_norm_type: expected batch_norm, found",
                "\"conv_context_size\": null | \"conv_context_size\": \"causal\" | encoder.conv_context_size: expected"
                        + " null",
                "\"feat_out\": -1 | \"feat_out\": 64 | encoder.feat_out: expected -1, found 64",
                "\"conv_kernel_size\": 9 | \"conv_kernel_size\": 8 | encoder.conv_kernel_size: expected an odd number,"
                        + " got 8",
                "\"n_heads\": 2 | \"n_heads\": 3 | encoder.d_model: expected an even multiple of 3",
                "\"n_layers\": 2 | \"n_layers\": 0 | encoder.n_layers: expected a whole number of 1 or more, found 0",
                "\"ff_expansion_factor\": 4 | \"ff_expansion_factor\": 99999999 | encoder.ff_expansion_factor:"
                        + " expected",
                "\"hidden_size\": 64 | \"hidden\": 64 | lfm.hidden_size: is missing",
                "\"preprocessor\": | \"processor\": | preprocessor: is missing",
            })
    void aFaultOfTheEncoderIsRefusedNamingFileAndKey(String right, String wrong, String message) throws IOException {
        assertRefused("config.json", right, wrong, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"conv_bias\": false | \"conv_bias\": true | conv_bias: expected false, found true",
                "\"output_size\": 1282 | \"output_size\": 1026 | output_size: expected 1282, found 1026",
                "\"num_hidden_layers\": 5 | \"num_hidden_layers\": 6 | layer_types: expected num_hidden_layers = 6"
                        + " types",
                "\"num_hidden_layers\": 5 | \"num_hidden_layers\": 5000 | num_hidden_layers: expected at most 4096",
                "\"layer_types\": | \"types\": | full_attn_idxs: is missing",
                "\"sliding_attention\", | \"full_attention\", | layer_types: expected conv or sliding_attention",
                "\"sliding_attention\", | 3, | layer_types: expected a list of strings",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 3 | num_attention_heads: expected a divisor of",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | num_key_value_heads: expected a divisor of",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 64 | hidden_size: expected an even number",
                "\"conv_L_cache\": 3 | \"conv_L_cache\": 0 | conv_L_cache: expected a whole number of 1 or more",
                "\"sliding_window\": 30 | \"sliding_window\": null | sliding_window: is missing",
                "\"rope_theta\": 1000000.0 | \"rope_theta\": 0 | rope_theta: expected a number above 0, found 0",
                "\"rope_theta\": 1000000.0 | \"rope\": 1 | rope_theta: is missing",
                "\"norm_eps\": 1e-05 | \"norm_eps\": -1 | norm_eps: expected a number of 0 or more",
            })
    void aFaultOfTheDetokenizerIsRefusedNamingFileAndKey(String right, String wrong, String message)
            throws IOException {
        assertRefused(DETOKENIZER, right, wrong, message);
    }

    private void assertRefused(String name, String right, String wrong, String message) throws IOException {
        Path file = changed(name, right, wrong);

        assertThatThrownBy(() -> {
                    JsonFile json = JsonFile.read(file);
                    if (name.equals(DETOKENIZER)) DetokenizerConfigs.read(json);
                    else AudioEncoderConfigs.read(json);
                })
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith(file + ": " + message)
                .hasMessageNotContaining("\n");
    }

    /** Set a's file with one text replaced by another, wherever it stands. */
    private Path changed(String name, String right, String wrong) throws IOException {
        String text = Files.readString(CHECKPOINTS.resolve("a").resolve(name));
        assertThat(text).contains(right);
        return Files.writeString(folder.resolve("config.json"), text.replace(right, wrong));
    }

    @Test
    void layersThatAttendMayBeListed() throws IOException {
        String text = Files.readString(CHECKPOINTS.resolve("a").resolve(DETOKENIZER))
                .replaceAll("(?s)\"layer_types\": \\[.*?]", "\"full_attn_idxs\": [1, 3, 4]");
        Path file = Files.writeString(folder.resolve("config.json"), text);

        assertThat(DetokenizerConfigs.read(JsonFile.read(file)))
                .isEqualTo(DetokenizerConfigs.read(json("a", DETOKENIZER)));
        Files.writeString(file, text.replace("3, 4]", "3, 5]"));
        assertThatThrownBy(() -> DetokenizerConfigs.read(JsonFile.read(file)))
                .hasMessageStartingWith(file + ": full_attn_idxs: expected numbers from 0 to 4");
    }

    /** The oldest spelling wins; the newest lies in a section. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"rope_theta\": 5.0, \"theta\": 7.0 | 7",
                "\"rope_theta\": 5.0, \"rope_parameters\": {\"rope_theta\": 9.0} | 5",
                "\"rope_parameters\": {\"rope_theta\": 9.0} | 9",
            })
    void readsEverySpellingOfTheRopeBase(String keys, double base) throws IOException {
        Path file = changed(DETOKENIZER, "\"rope_theta\": 1000000.0", keys);

        assertThat(DetokenizerConfigs.read(JsonFile.read(file)).ropeBase()).isEqualTo(base);
    }
}
