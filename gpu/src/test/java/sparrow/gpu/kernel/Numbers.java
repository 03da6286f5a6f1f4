package sparrow.gpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.gpu.device.Device;

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
