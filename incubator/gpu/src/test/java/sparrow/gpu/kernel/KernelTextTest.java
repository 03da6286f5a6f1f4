package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Rope.Pairing;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.cuda.NvrtcUnderTest;
import sparrow.gpu.device.Language;

/** The text that devices are given. */
class KernelTextTest {
    private static final String BF16_PRODUCT = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32";

    @TempDir
    private Path folder;

    @Test
    void everyVariantHasANameOfItsOwn() {
        List<String> names = new ArrayList<>();
        DeviceKernels.text(Language.OPENCL_C, Lanes.LOCAL, Optional.empty(), names);

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
    @CsvSource({
        "OPENCL_C, LOCAL,",
        "OPENCL_C_WITH_PTX, PTX,",
        "OPENCL_C_WITH_PTX, PTX, INSTRUCTION",
        "CUDA, LOCAL, LOCAL",
        "CUDA, SHUFFLE,",
        "CUDA, SHUFFLE, INSTRUCTION"
    })
    void itCompilesForCardsOfNvidia(Language language, Lanes lanes, MatrixProduct product) throws Exception {
        List<String> names = new ArrayList<>();
        String text = DeviceKernels.text(language, lanes, Optional.ofNullable(product), names);

        String ptx = Clang.ptx(language, text, folder);

        assertThat(ptx)
                .contains(names.stream().map(name -> ".entry " + name + "(").toList());
        assertThat(ptx.contains("shfl.sync.bfly.b32")).isEqualTo(lanes != Lanes.LOCAL);
        // Of 32 columns in two parts: 2 x 2 x 4 matrices d and 2 of x; of whole steps half as many.
        assertThat(ptx.split(BF16_PRODUCT, -1)).hasSize(product == MatrixProduct.INSTRUCTION ? 1 + 32 + 32 + 16 : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "LOCAL, LOCAL, false",
        "SHUFFLE,, false",
        "SHUFFLE,, true",
        "SHUFFLE, INSTRUCTION, false",
        "SHUFFLE, INSTRUCTION, true"
    })
    void nvidiasOwnCompilerTakesItWhereItIsInstalled(Lanes lanes, MatrixProduct product, boolean newerCard) {
        List<String> names = new ArrayList<>();
        String text = DeviceKernels.text(Language.CUDA, lanes, Optional.ofNullable(product), names);

        Map<String, List<Integer>> arguments = NvrtcUnderTest.compile(text, newerCard);

        assertThat(arguments).containsOnlyKeys(names);
        assertThat(arguments.get("rms_rows")).startsWith(8, 8, 8, 4);
    }

    /** Shapes of the published models: heads, heads of keys, pairing. */
    @ParameterizedTest
    @CsvSource({
        "OPENCL_C_WITH_PTX, 32, 2, INTERLEAVED",
        "OPENCL_C_WITH_PTX, 28, 4, HALVES",
        "CUDA, 32, 2, INTERLEAVED",
        "CUDA, 28, 4, HALVES"
    })
    void soDoAttentionAndWhatIsDoneToRows(Language language, int heads, int kvHeads, Pairing pairing) throws Exception {
        String attention = AttentionKernels.text(language, config(heads, kvHeads, pairing));

        assertThat(Clang.ptx(language, attention, folder))
                .contains(".entry append_kv(", ".entry attend(", ".entry merge(", ".entry move_kv(");
        assertThat(Clang.ptx(language, RowKernels.text(language), folder))
                .contains(".entry gather_rows(", ".entry scatter_rows(", ".entry mask_rows(", ".entry reduce_scores(");
    }

    private static TransformerConfig config(int heads, int kvHeads, Pairing pairing) {
        return new TransformerConfig(1, 64, heads, kvHeads, 128, 64, 8, 512, 0, new Rope(64, 10_000, pairing));
    }

    @Test
    void nvidiasOwnCompilerTakesTheseAsWell() {
        String attention = AttentionKernels.text(Language.CUDA, config(32, 2, Pairing.INTERLEAVED));

        assertThat(NvrtcUnderTest.compile(attention, false))
                .containsOnlyKeys("append_kv", "attend", "merge", "move_kv");
        assertThat(NvrtcUnderTest.compile(RowKernels.text(Language.CUDA), false))
                .containsOnlyKeys("gather_rows", "scatter_rows", "mask_rows", "reduce_scores");
    }
}
