package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.SuperBlock;

/** Stored matrices for tests, at odd addresses and between bytes that are NaN in every type. */
final class Matrices {
    private static final int MARGIN = 70;

    private Matrices() {}

    static Matrix of(SplittableRandom random, Numbers numbers, DType type, int rows, int columns, Arena arena) {
        long bytes = type.bytes((long) rows * columns);
        MemorySegment memory = arena.allocate(bytes + 2L * MARGIN).fill((byte) 0xff);
        MemorySegment data = memory.asSlice(MARGIN, bytes);
        for (int i = 0; i < rows * columns; i++) {
            float value = numbers.next(random);
            switch (type) {
                case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, value);
                case BF16 ->
                    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) (Float.floatToRawIntBits(value) >> 16));
                // Within the range of f16, down to its subnormals and zero.
                default ->
                    data.set(
                            ValueLayout.JAVA_SHORT_UNALIGNED,
                            2L * i,
                            Float.floatToFloat16(Math.clamp(value, -60_000, 60_000)));
            }
        }
        return new Matrix(data, type, rows, columns);
    }

    /** Blocks of any quantised values and scales to a few tens, subnormal, zero and negative ones among them. */
    static Matrix quantised(SplittableRandom random, DType type, int rows, int columns, Arena arena) {
        byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * columns))];
        random.nextBytes(bytes);
        MemorySegment memory = arena.allocate(bytes.length + 2L * MARGIN).fill((byte) 0xff);
        MemorySegment data = memory.asSlice(MARGIN, bytes.length);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (long at = 0; at < bytes.length; at += type.blockBytes()) {
            for (int place : type.factors()) {
                short factor = (short) (random.nextInt(0x5000) | random.nextInt(2) << 15);
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + place, factor);
            }
        }
        return new Matrix(data, type, rows, columns);
    }

    static float element(Matrix w, int row, int column) {
        float[] values = new float[w.columns()];
        w.row(row, values, 0);
        return values[column];
    }

    /** For every output the sum of the magnitudes of what is added up, [x.rows, w.rows]. */
    static float[] magnitudes(Block x, Matrix w, float[] bias) {
        float[] sums = new float[x.rows() * w.rows()];
        float[] row = new float[w.columns()];
        for (int o = 0; o < w.rows(); o++) {
            w.row(o, row, 0);
            if (w.dtype().blockElements() == SuperBlock.NUMBERS) addOffsets(w, o, row);
            for (int r = 0; r < x.rows(); r++) {
                double sum = bias == null ? 0 : Math.abs(bias[o]);
                for (int c = 0; c < row.length; c++) sum += Math.abs((double) x.data()[x.row(r) + c] * row[c]);
                sums[r * w.rows() + o] = (float) sum;
            }
        }
        return sums;
    }

    /** The sums that a K-quant makes apart: codes without their offset, and minima, which may nearly take each other away. */
    private static void addOffsets(Matrix w, int o, float[] row) {
        SuperBlock block = new SuperBlock(w.dtype());
        for (int c = 0; c < row.length; c++) {
            int at = c % SuperBlock.NUMBERS;
            if (at == 0) {
                block.read(
                        w.data(),
                        o * w.rowBytes()
                                + (long) c / SuperBlock.NUMBERS * w.dtype().blockBytes());
            }
            int group = at * block.scales().length / SuperBlock.NUMBERS;
            float scaled = Math.abs(block.scale() * block.scales()[group]);
            row[c] = scaled * (block.codes()[at] + block.offset()) + Math.abs(block.minimum() * block.minima()[group]);
        }
    }

    /**
     * The change of an output that is allowed because the packed product rounds activations to bytes: half a step, the 254th part
     * of a block's largest magnitude, times the weights' magnitudes. Only q4_0 does, and only for few rows.
     */
    static double activationRounding(Block x, int r, Matrix w, int o) {
        if (w.dtype() != DType.Q4_0 || x.rows() > VectorKernels.LANE_ROWS) return 0;
        float[] row = new float[w.columns()];
        w.row(o, row, 0);
        double sum = 0;
        for (int block = 0; block < row.length; block += 32) {
            double largest = 0;
            double weights = 0;
            for (int c = block; c < block + 32; c++) {
                largest = Math.max(largest, Math.abs(x.data()[x.row(r) + c]));
                weights += Math.abs(row[c]);
            }
            sum += (largest / 254 * 1.0001 + 128 * Float.MIN_VALUE) * weights;
        }
        return sum;
    }
}
