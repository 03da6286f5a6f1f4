package sparrow.engine.tensor;

import java.lang.foreign.MemorySegment;

/** IEEE half precision. */
final class F16Numbers implements NumberFormat {
    @Override
    public int blockBytes() {
        return 2;
    }

    @Override
    public float largest() {
        return LARGEST_F16;
    }

    @Override
    public int fileType() {
        return 1;
    }

    @Override
    public void read(MemorySegment from, float[] to, int offset, int n) {
        for (int i = 0; i < n; i++) to[offset + i] = Float.float16ToFloat(from.get(I16, 2L * i));
    }

    @Override
    public void store(float[] x, MemorySegment to) {
        for (int i = 0; i < x.length; i++) to.set(I16, 2L * i, Float.floatToFloat16(x[i]));
    }
}
