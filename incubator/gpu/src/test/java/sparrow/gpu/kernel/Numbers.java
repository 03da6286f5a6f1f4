package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import sparrow.gpu.device.Device;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Random numbers of several magnitudes, and their way to a device and back. */
final class Numbers {
    private Numbers() {}

    static float[] values(SplittableRandom random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextDouble(-1, 1) * Math.pow(2, random.nextInt(-6, 7)));
        }
        return values;
    }

    static float[][] rows(SplittableRandom random, int rows, int columns) {
        float[][] values = new float[rows][];
        for (int r = 0; r < rows; r++) values[r] = values(random, columns);
        return values;
    }

    static float[][] copy(float[][] rows) {
        float[][] copy = rows.clone();
        for (int r = 0; r < rows.length; r++) copy[r] = rows[r].clone();
        return copy;
    }

    static Matrix matrix(SplittableRandom random, DType type, int rows, int columns, Arena arena) {
        float[] values = values(random, rows * columns);
        MemorySegment data = arena.allocate(type.bytes(values.length), 64);
        type.store(values, data);
        return new Matrix(data, type, rows, columns);
    }

    /** What linear layers of a type multiply with: for q4_0 rows in whole steps, 127 to the largest of each 32 numbers. */
    static double[][] inputs(DType type, float[][] x) {
        double[][] inputs = new double[x.length][x[0].length];
        for (int r = 0; r < x.length; r++) {
            for (int c = 0; c < x[r].length; c++) {
                float step = type == DType.Q4_0 ? step(x[r], c / 32 * 32) : 1;
                inputs[r][c] = type == DType.Q4_0 ? (double) steps(x[r][c], step) * step : x[r][c];
            }
        }
        return inputs;
    }

    /** Of the 32 numbers from one on. */
    static float step(float[] x, int from) {
        float largest = 0;
        for (int c = from; c < from + 32; c++) largest = Math.max(largest, Math.abs(x[c]));
        return largest / 127;
    }

    static int steps(float x, float step) {
        return step == 0 ? 0 : (int) Math.rint(Math.clamp(x / step, -127, 127));
    }

    static DeviceRows upload(Device device, float[]... rows) {
        DeviceRows uploaded = DeviceRows.allocate(device, rows.length, rows[0].length);
        for (int r = 0; r < rows.length; r++) uploaded.write(r, rows[r], 0);
        return uploaded;
    }

    /** The rows; what is between them must be zeros still. */
    static float[][] download(Device device, DeviceRows from) {
        float[][] rows = new float[from.rows()][from.columns()];
        for (int r = 0; r < rows.length; r++) from.read(r, rows[r], 0);
        float[] all = new float[from.rows() * from.pitch()];
        device.queue().read(from.buffer(), 0, MemorySegment.ofArray(all));
        for (int i = 0; i < all.length; i++) {
            if (i % from.pitch() >= from.columns())
                assertThat(all[i]).as("padding").isZero();
        }
        return rows;
    }
}
