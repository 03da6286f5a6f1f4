package sparrow.speech.encode;

import java.lang.foreign.Arena;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.weights.Checkpoint;

/** The checkpoint as the parts of the encoder read it: one prefix, kernels' layout, memory of one arena. */
final class EncoderWeights {
    private static final String OLD_PREFIX = "model.encoder.";

    private final Checkpoint checkpoint;
    private final Kernels kernels;
    private final Arena arena;
    private final String prefix;

    EncoderWeights(Checkpoint checkpoint, Kernels kernels, Arena arena) {
        this.checkpoint = checkpoint;
        this.kernels = kernels;
        this.arena = arena;
        prefix = checkpoint.has(OLD_PREFIX + "conv1.weight") ? OLD_PREFIX : "";
    }

    float[] floats(String name, int... shape) {
        return checkpoint.floats(prefix + name, shape);
    }

    Weight matrix(String name, int rows, int columns) {
        return kernels.pack(checkpoint.matrix(prefix + name, rows, columns), arena);
    }

    /** A convolution [out, in, taps] as the matrix [out, taps * in] that meets {@code taps} consecutive rows. */
    Weight convolution(String name, int out, int in, int taps) {
        float[] stored = floats(name, out, in, taps);
        float[] byTap = new float[stored.length];
        for (int o = 0; o < out; o++) {
            for (int c = 0; c < in; c++) {
                for (int t = 0; t < taps; t++) byTap[(o * taps + t) * in + c] = stored[(o * in + c) * taps + t];
            }
        }
        return kernels.pack(Matrix.copyOf(byTap, out, taps * in, arena), arena);
    }
}
