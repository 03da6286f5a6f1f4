package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/** Weights back to the numbers that they were made of. */
@Tag("lanes")
class UnpackTest {
    private static final List<Kernels> BOTH =
            List.of(new ScalarKernels(new ComputePool(1)), new VectorKernels(new ComputePool(2)));

    /** More columns than a quantised panel is unpacked at a time, and whole blocks of every type. */
    private static final int COLUMNS = 1280;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
    void givesEveryElementOfEveryLayout(DType type) {
        SplittableRandom random = new SplittableRandom(7);
        try (Arena arena = Arena.ofShared()) {
            Matrix w = type.isQuantised()
                    ? Matrices.quantised(random, type, 75, COLUMNS, arena)
                    : Matrices.of(random, Numbers.PLAIN, type, 75, COLUMNS, arena);
            Block expected = Block.of(new Tensor(w.data(), type, List.of(75, COLUMNS)).toFloats(), 75, COLUMNS);
            for (Kernels kernels : BOTH) {
                for (Weight weight : List.of(kernels.view(w), kernels.pack(w, arena), kernels.packAsStored(w, arena))) {
                    Block y = Framed.empty(random, 75, COLUMNS, 3);

                    kernels.unpack(weight, y);

                    Framed.assertClose(y, expected, (r, c) -> 0, type + " of " + kernels);
                    Framed.assertFrameUntouched(y);
                    assertThatThrownBy(() -> kernels.unpack(weight, y.rows(0, 74)))
                            .hasMessage("unpack: expected 75 x 1280, got 74 x 1280");
                }
            }
        }
    }
}
