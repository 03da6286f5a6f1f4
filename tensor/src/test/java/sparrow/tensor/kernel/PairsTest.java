package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Weights as pairs of bf16 numbers are the stored numbers, rounded once, for every type and vector width. */
@Tag("lanes")
class PairsTest {
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** Columns of several runs at every vector width. */
    private static final int COLUMNS = 9216;

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void ofQuantisedWeights(DType type) {
        try (Arena arena = Arena.ofShared();
                ComputePool pool = new ComputePool(2)) {
            Matrix matrix = Matrices.quantised(new SplittableRandom(5), type, 130, COLUMNS, arena);
            QuantisedWeight weight = QuantisedPacking.pack(matrix, arena, pool);
            // A piece begins and ends within a run.
            for (int[] piece : new int[][] {{0, 0, COLUMNS}, {64, 768, 8192 + 256}, {128, 8192, COLUMNS}}) {
                MemorySegment pairs = pairs(piece[2] - piece[1], arena);

                QuantisedPacking.unpackPairs(weight, piece[0], piece[1], piece[2], pairs, 0);

                expect(matrix, piece[0], MatrixProvider.OUTPUT_GROUP, piece[1], piece[2], pairs, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void ofPanels(DType type) {
        try (Arena arena = Arena.ofShared();
                ComputePool pool = new ComputePool(2)) {
            Matrix matrix = Matrices.of(new SplittableRandom(6), Numbers.WIDE, type, 3 * Lanes.PANEL - 1, 99, arena);
            PanelWeight weight = type == DType.F32
                    ? PanelWeight.pack(matrix, arena, pool)
                    : PanelWeight.packHalves(matrix, arena, pool);
            for (int[] piece : new int[][] {{0, 0, 98}, {1, 32, 99}, {2, 64, 99}}) {
                MemorySegment pairs = pairs(piece[2] - piece[1], arena);
                int first = MatrixProvider.OUTPUT_GROUP - Lanes.PANEL;

                weight.unpackPairs(piece[0], piece[1], piece[2], pairs, 4L * first);

                expect(matrix, piece[0] * Lanes.PANEL, Lanes.PANEL, piece[1], piece[2], pairs, first);
            }
        }
    }

    private static MemorySegment pairs(int columns, Arena arena) {
        return arena.allocate(BrainFloats.PAIR * Math.ceilDiv(columns, 2)).fill((byte) 0x7f);
    }

    private static void expect(
            Matrix matrix, int row, int rows, int column, int end, MemorySegment pairs, int firstOutput) {
        float[] values = new float[matrix.columns()];
        for (int o = 0; o < Math.min(rows, matrix.rows() - row); o++) {
            matrix.row(row + o, values, 0);
            for (int c = 0; c < Math.ceilDiv(end - column, 2) * 2; c++) {
                float value = column + c < end ? values[column + c] : 0;
                float rounded = Float.intBitsToFloat(BrainFloats.round(value) << 16);
                long index = (c / 2 * (long) MatrixProvider.OUTPUT_GROUP + firstOutput + o) * 2 + c % 2;
                float found = Float.intBitsToFloat(pairs.get(BF16, 2 * index) << 16);
                // Zeros can have either sign.
                if (found != rounded) {
                    assertThat(found)
                            .as("row %d, column %d", row + o, column + c)
                            .isEqualTo(rounded);
                }
            }
        }
    }
}
