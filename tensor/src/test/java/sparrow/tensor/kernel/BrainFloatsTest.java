package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rounding f32 to bf16 against its definition. */
@Tag("lanes")
class BrainFloatsTest {
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** Of the two neighbours in bf16 the nearer one, or of two equally near ones the larger; by double arithmetic. */
    private static float nearest(float x) {
        if (Float.isNaN(x)) return Float.NaN;
        int bits = Float.floatToRawIntBits(x) & 0xffff0000;
        double below = Float.intBitsToFloat(bits);
        double above =
                (bits & 0x7fffffff) == 0x7f7f0000 ? Math.copySign(0x1p128, x) : Float.intBitsToFloat(bits + 0x10000);
        if (Float.isInfinite(x)) return x;
        return (float) (Math.abs(x - below) < Math.abs(above - x) ? below : above);
    }

    private static float[] numbers() {
        float[] values = new float[4096 + 3];
        int[] special = {
            0,
            0x80000000,
            1,
            0x80000001,
            0x7fff,
            0x8000,
            0x8001,
            0x007fffff,
            0x00800000,
            0x3f808000,
            0x3f818000,
            0xbf808000,
            0x3f807fff,
            0x7f7f7fff,
            0x7f7f8000,
            0x7f7fffff,
            0xff7fffff,
            0x7f800000,
            0xff800000,
            0x7f800001,
            0x7fc00000,
            0x7fffffff,
            0xffffffff
        };
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(i < special.length ? special[i] : random.nextInt());
        }
        return values;
    }

    private static float at(MemorySegment memory, long index) {
        return Float.intBitsToFloat(memory.get(BF16, 2 * index) << 16);
    }

    @Test
    void rowsAreRoundedToNearestAndFilledUp() {
        float[] x = numbers();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(2L * (x.length + 8)).fill((byte) 1);

            BrainFloats.row(x, 1, x.length - 1, 5, to, 2);

            for (int i = 1; i < x.length; i++)
                assertThat(at(to, i)).as("%h", x[i]).isEqualTo(Float.valueOf(nearest(x[i])));
            for (int i = x.length; i < x.length + 5; i++) assertThat(at(to, i)).isZero();
            assertThat(to.get(BF16, 0)).isEqualTo((short) 0x101);
            assertThat(to.get(BF16, 2L * (x.length + 5))).isEqualTo((short) 0x101);
        }
    }

    @Test
    void columnsOfAPanelBecomePairs() {
        int columns = 7;
        float[] x = numbers();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment panel = arena.allocate(4L * columns * Lanes.PANEL, 64);
            for (int i = 0; i < columns * Lanes.PANEL; i++) {
                float value = Float.isNaN(x[i]) ? i : x[i];
                panel.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
            MemorySegment to = arena.allocate(4L * 4 * MatrixProvider.OUTPUT_GROUP);
            int first = MatrixProvider.OUTPUT_GROUP - Lanes.PANEL;

            BrainFloats.pairs(panel, 0, columns, to, 4L * first);

            for (int c = 0; c < columns + 1; c++) {
                for (int o = 0; o < Lanes.PANEL; o++) {
                    float expected =
                            c == columns ? 0 : nearest(panel.getAtIndex(ValueLayout.JAVA_FLOAT, c * Lanes.PANEL + o));
                    long index = (c / 2 * MatrixProvider.OUTPUT_GROUP + first + o) * 2L + c % 2;
                    assertThat(at(to, index)).isEqualTo(expected);
                }
            }
        }
    }
}
