package sparrow.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/** A matrix provider that reads the layouts as their definitions say, one element after the other. */
final class PlainProvider implements MatrixProvider {
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    /** Products so far. */
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
        calls.incrementAndGet();
        float[] row = new float[shape.columns()];
        for (int o = 0; o < shape.outputs(); o++) {
            for (int c = 0; c < row.length; c++) row[c] = number(w, weight(shape, o, c));
            for (int r = 0; r < shape.rows(); r++) {
                double sum = 0;
                for (int c = 0; c < row.length; c++) sum += number(x, (long) r * row.length + c) * (double) row[c];
                long at = (long) r * shape.outputs() + o;
                float before = y.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                y.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) (before + sum));
            }
        }
    }

    private static long weight(Shape shape, int output, int column) {
        return switch (shape.layout()) {
            case ROWS -> output * shape.stride() + column;
            case PAIRS ->
                (((long) output / OUTPUT_GROUP * shape.columns() / 2 + column / 2) * OUTPUT_GROUP
                                        + output % OUTPUT_GROUP)
                                * 2
                        + column % 2;
        };
    }

    private static float number(MemorySegment memory, long index) {
        return Float.intBitsToFloat(memory.get(BF16, 2 * index) << 16);
    }

    @Override
    public String arithmetic() {
        return "plain";
    }

    @Override
    public String description() {
        return "plain loops";
    }

    @Override
    public boolean isFasterThanF32() {
        return false;
    }

    /** The same provider on a processor with tiles. */
    record Tiles(PlainProvider plain) implements MatrixProvider {
        @Override
        public void multiply(Shape shape, MemorySegment x, MemorySegment w, MemorySegment y) {
            plain.multiply(shape, x, w, y);
        }

        @Override
        public String arithmetic() {
            return plain.arithmetic();
        }

        @Override
        public String description() {
            return plain.description();
        }

        @Override
        public boolean isFasterThanF32() {
            return true;
        }

        @Override
        public boolean hasTiles() {
            return true;
        }
    }
}
