package sparrow.tensor;

import java.lang.foreign.MemorySegment;

/** ggml's K-quants, which have blocks of 256 numbers. K-quants are decoded by {@link SuperBlock} and are read-only. */
abstract class KNumbers extends NumberFormat {
    /** The largest scale or minimum of a group. */
    private static final float LARGEST_SCALE = 63;

    private KNumbers(int blockBytes, float largest, int fileType, Integer... factors) {
        super(SuperBlock.NUMBERS, blockBytes, largest, fileType, factors);
    }

    abstract DType type();

    @Override
    void read(MemorySegment from, float[] to, int offset, int n) {
        SuperBlock block = new SuperBlock(type());
        for (int i = 0; i < n; i += SuperBlock.NUMBERS) {
            block.read(from, (long) i / SuperBlock.NUMBERS * blockBytes);
            block.values(to, offset + i);
        }
    }

    @Override
    void store(float[] x, MemorySegment to) {
        throw new IllegalArgumentException(type() + " can be read but not written");
    }

    /** q4_K, which has 4-bit codes. */
    static final class Q4 extends KNumbers {
        Q4() {
            super(144, LARGEST_F16 * LARGEST_SCALE * 16, 15, 0, 2);
        }

        @Override
        DType type() {
            return DType.Q4_K;
        }
    }

    /** q5_K, which has 5-bit codes. */
    static final class Q5 extends KNumbers {
        Q5() {
            super(176, LARGEST_F16 * LARGEST_SCALE * 32, 17, 0, 2);
        }

        @Override
        DType type() {
            return DType.Q5_K;
        }
    }

    /** q6_K, which has 6-bit codes and no minima. */
    static final class Q6 extends KNumbers {
        Q6() {
            super(210, LARGEST_F16 * 128 * 32, 18, 208);
        }

        @Override
        DType type() {
            return DType.Q6_K;
        }
    }
}
