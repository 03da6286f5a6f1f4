package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.cuda.NvrtcUnderTest;
import sparrow.gpu.device.Language;

/** The text that devices are given. */
class KernelTextTest {
    @TempDir
    private Path folder;

    @Test
    void everyVariantHasANameOfItsOwn() {
        List<String> names = new ArrayList<>();
        DeviceKernels.text(Language.OPENCL_C, Lanes.LOCAL, names);

        assertThat(names)
                .doesNotHaveDuplicates()
                .contains(
                        "matvec_q8_0_1",
                        "matvec_bf16_4",
                        "gemm_q4_0",
                        "gemm_f32",
                        "rms_rows",
                        "rope_halves",
                        "rope_neighbours",
                        "swiglu");
    }

    @ParameterizedTest
    @CsvSource({"OPENCL_C, LOCAL", "OPENCL_C_WITH_PTX, PTX", "CUDA, LOCAL", "CUDA, SHUFFLE"})
    void itCompilesForCardsOfNvidia(Language language, Lanes lanes) throws Exception {
        List<String> names = new ArrayList<>();
        String text = DeviceKernels.text(language, lanes, names);

        String ptx = Clang.ptx(language, text, folder);

        assertThat(ptx)
                .contains(names.stream().map(name -> ".entry " + name + "(").toList());
        assertThat(ptx.contains("shfl.sync.bfly.b32")).isEqualTo(lanes != Lanes.LOCAL);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void whatKnowsSequencesAndScoresCompilesForCardsOfNvidia(Language language) throws Exception {
        TransformerConfig glm = new TransformerConfig(
                40, 4096, 32, 2, 128, 13_696, 168_960, 8192, 1e-5f, new Rope(64, 10_000, Rope.Pairing.INTERLEAVED));
        TransformerConfig step = new TransformerConfig(
                28, 3584, 28, 4, 128, 18_944, 158_720, 8192, 1e-6f, new Rope(128, 1_000_000, Rope.Pairing.HALVES));

        assertThat(Clang.ptx(language, AttentionKernels.text(language, glm), folder))
                .contains(".entry append_kv(", ".entry attend(", ".entry merge(", ".entry move_kv(");
        assertThat(Clang.ptx(language, AttentionKernels.text(language, step), folder))
                .contains(".entry move_kv(");
        assertThat(Clang.ptx(language, RowKernels.text(language), folder))
                .contains(".entry gather_rows(", ".entry scatter_rows(", ".entry mask_rows(", ".entry reduce_scores(");
    }

    @ParameterizedTest
    @CsvSource({"LOCAL, false", "SHUFFLE, false", "SHUFFLE, true"})
    void nvidiasOwnCompilerTakesItWhereItIsInstalled(Lanes lanes, boolean newerCard) {
        List<String> names = new ArrayList<>();
        String text = DeviceKernels.text(Language.CUDA, lanes, names);

        Map<String, List<Integer>> arguments = NvrtcUnderTest.compile(text, newerCard);

        assertThat(arguments).containsOnlyKeys(names);
        assertThat(arguments.get("swiglu")).startsWith(8, 8, 4);
    }
}
