package sparrow.engine.tensor;

import java.lang.foreign.MemorySegment;

/** The upper half of single precision. */
final class Bf16Numbers implements NumberFormat {
    @Override
    public int blockBytes() {
        return 2;
    }

    @Override
    public float largest() {
        return Float.MAX_VALUE;
    }

    @Override
    public int fileType() {
        return 32;
    }

    @Override
    public void read(MemorySegment from, float[] to, int offset, int n) {
        for (int i = 0; i < n; i++) to[offset + i] = Float.intBitsToFloat(from.get(I16, 2L * i) << 16);
    }

    @Override
    public void store(float[] x, MemorySegment to) {
        for (int i = 0; i < x.length; i++) to.set(I16, 2L * i, bf16(x[i]));
    }

    /** To the nearest, ties to even; a NaN stays one. */
    private static short bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) return (short) (bits >>> 16 | 0x40);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
