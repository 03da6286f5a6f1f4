package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Weights that stay 16 bits in memory, against the same numbers in panels of f32. */
@Tag("lanes")
class HalfPanelsTest {
    private static final List<Kernels> BOTH =
            List.of(new VectorKernels(new ComputePool(1)), new VectorKernels(new ComputePool(2)));

    static LongStream seeds() {
        return Widths.seeds();
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyFiniteNumberIsWidenedExactly(DType type) {
        try (Arena arena = Arena.ofShared()) {
            Matrix all = new Matrix(arena.allocate(2 * 65_536), type, 256, 256);
            for (int bits = 0; bits < 65_536; bits++) {
                float value = type == DType.F16 ? Float.float16ToFloat((short) bits) : Float.intBitsToFloat(bits << 16);
                short finite = (short) (Float.isFinite(value) ? bits : 0);
                all.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * bits, finite);
            }
            for (Kernels kernels : BOTH) {
                Block y = Block.of(new float[65_536], 256, 256);

                kernels.unpack(kernels.packAsStored(all, arena), y);

                for (int i = 0; i < 65_536; i++) {
                    float expected = Matrices.element(all, i / 256, i % 256);
                    if (Float.floatToRawIntBits(y.data()[i]) != Float.floatToRawIntBits(expected)) {
                        assertThat(y.data()[i]).as("%s 0x%04x", type, i).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void productsAreThoseOfPanelsOfF32ToTheBit(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = random.nextInt(4) == 0 ? random.nextInt(119, 250) : random.nextInt(1, 30);
        int inputs = random.nextInt(5) == 0 ? random.nextInt(500, 600) : random.nextInt(1, 80);
        try (Arena arena = Arena.ofShared()) {
            Block x = Framed.block(random, Numbers.PLAIN, rows, inputs, 2);
            for (Kernels kernels : BOTH) {
                List<Product> halves = new ArrayList<>();
                List<Product> wide = new ArrayList<>();
                for (DType type : List.of(DType.F16, DType.BF16, DType.F32)) {
                    Matrix w = Matrices.of(random, Numbers.any(random), type, random.nextInt(1, 140), inputs, arena);
                    float[] bias = random.nextBoolean() ? null : new float[w.rows()];
                    for (int o = 0; bias != null && o < bias.length; o++) bias[o] = random.nextFloat();
                    halves.add(
                            new Product(kernels.packAsStored(w, arena), bias, Framed.empty(random, rows, w.rows(), 1)));
                    wide.add(new Product(kernels.pack(w, arena), bias, Framed.empty(random, rows, w.rows(), 1)));
                }

                if (random.nextBoolean()) kernels.linear(x, halves);
                else for (Product one : halves) kernels.linear(x, one.weight(), one.bias(), one.y());

                kernels.linear(x, wide);
                for (int i = 0; i < wide.size(); i++) {
                    Framed.assertClose(halves.get(i).y(), wide.get(i).y(), (r, o) -> 0, "product " + i);
                    Framed.assertFrameUntouched(halves.get(i).y());
                }
            }
        }
    }

    @Test
    void takeTwoBytesForEachNumberAndPanelsThatAreNotFilledCount() {
        try (Arena arena = Arena.ofShared()) {
            Matrix w = Matrices.of(new SplittableRandom(1), Numbers.PLAIN, DType.BF16, 128, 5, arena);
            for (Kernels kernels : BOTH) {
                assertThat(kernels.packAsStored(w, arena).bytes()).isEqualTo(2 * 128 * 5);
                assertThat(kernels.packAsStored(w.slice(0, 65), arena).bytes())
                        .isEqualTo(2L * Math.ceilDiv(65, Lanes.PANEL) * Lanes.PANEL * 5);
            }
        }
    }

    /** A provider rounds weights to bf16: those that are bf16 already come to it as they are. */
    @Test
    void reachAProviderAsTheirF32NumbersDo() {
        SplittableRandom random = new SplittableRandom(3);
        Kernels kernels = Kernels.create(new ComputePool(2), new PlainProvider());
        try (Arena arena = Arena.ofShared()) {
            Block x = Framed.block(random, Numbers.PLAIN, 300, 384, 0);
            for (DType type : List.of(DType.F16, DType.BF16)) {
                Matrix w = Matrices.of(random, Numbers.PLAIN, type, 321, 384, arena);
                assertThat(new ProvidedLinear(new PlainProvider(), kernels.pool())
                                .accepts(300, kernels.packAsStored(w, arena)))
                        .isTrue();
                Block halves = Framed.empty(random, 300, 321, 0);
                Block wide = Framed.empty(random, 300, 321, 0);

                kernels.linear(x, kernels.packAsStored(w, arena), null, halves);
                kernels.linear(x, kernels.pack(w, arena), null, wide);

                Framed.assertClose(halves, wide, (r, o) -> 0, "provided " + type);
            }
        }
    }
}
