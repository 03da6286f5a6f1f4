package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Blocks in a frame: all around the block stands one marked NaN. An operation that reads outside poisons its result, one
 * that writes outside changes the mark.
 */
final class Framed {
    private static final int MARK = 0x7fc0dead;
    private static final int MARGIN = 40;

    private Framed() {}

    /** A block of values at an uneven offset; {@code gap} is what the stride has more (or, overlapping, less) than columns. */
    static Block block(SplittableRandom random, Numbers numbers, int rows, int columns, int gap) {
        Block block = empty(random, rows, columns, gap);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) block.data()[block.row(r) + c] = numbers.next(random);
        }
        return block;
    }

    /** A block to be written: it holds the mark, too. */
    static Block empty(SplittableRandom random, int rows, int columns, int gap) {
        int offset = random.nextInt(MARGIN);
        int stride = Math.max(0, columns + gap);
        float[] data = marked(offset + Math.max(0, rows - 1) * stride + columns + MARGIN);
        return new Block(data, offset, stride, rows, columns);
    }

    static Block copy(Block block) {
        return new Block(block.data().clone(), block.offset(), block.stride(), block.rows(), block.columns());
    }

    static float[] marked(int length) {
        float[] data = new float[length];
        Arrays.fill(data, Float.intBitsToFloat(MARK));
        return data;
    }

    /** Nothing but the block itself was written. */
    static void assertFrameUntouched(Block block) {
        boolean[] inside = new boolean[block.data().length];
        for (int r = 0; r < block.rows(); r++) {
            Arrays.fill(inside, block.row(r), block.row(r) + block.columns(), true);
        }
        for (int i = 0; i < inside.length; i++) {
            if (!inside[i] && Float.floatToRawIntBits(block.data()[i]) != MARK) {
                assertThat(block.data()[i])
                        .as("index %d, outside of the block %s", i, sizes(block))
                        .isNaN();
            }
        }
    }

    /** Every bit is what it was. */
    static void assertSame(Block actual, Block before) {
        assertThat(actual.data())
                .usingComparator((a, b) -> Arrays.equals(bits(a), bits(b)) ? 0 : 1)
                .isEqualTo(before.data());
    }

    /** The most that a value may differ from the expected one. */
    interface Tolerance {
        double at(int row, int column);
    }

    /** Compares all values; the message tells the worst one. */
    static void assertClose(Block actual, Block expected, Tolerance tolerance, String what) {
        double worst = 0;
        String message = "";
        for (int r = 0; r < expected.rows(); r++) {
            for (int c = 0; c < expected.columns(); c++) {
                float a = actual.data()[actual.row(r) + c];
                float e = expected.data()[expected.row(r) + c];
                double excess = Float.compare(a, e) == 0 ? 0 : Math.abs((double) a - e) / tolerance.at(r, c);
                if (Double.isNaN(excess) || excess > worst) {
                    worst = Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
                    message = "%s: [%d, %d]: expected %s, got %s, tolerance %s"
                            .formatted(what, r, c, e, a, tolerance.at(r, c));
                }
            }
        }
        assertThat(worst).as(message).isLessThanOrEqualTo(1);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }

    private static String sizes(Block block) {
        return block.rows() + " x " + block.columns() + ", offset " + block.offset() + ", stride " + block.stride();
    }
}
