package sparrow.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** IEEE single precision. */
final class F32Numbers implements NumberFormat {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public int blockBytes() {
        return 4;
    }

    @Override
    public float largest() {
        return Float.MAX_VALUE;
    }

    @Override
    public int fileType() {
        return 0;
    }

    @Override
    public void read(MemorySegment from, float[] to, int offset, int n) {
        MemorySegment.copy(from, F32, 0, to, offset, n);
    }

    @Override
    public void store(float[] x, MemorySegment to) {
        MemorySegment.copy(x, 0, to, F32, 0, x.length);
    }
}
