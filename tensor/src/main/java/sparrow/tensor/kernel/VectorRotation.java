package sparrow.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rotations of one head, a vector of channels at a time: two products and a sum for each channel, as in the reference.
 */
final class VectorRotation {
    private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromOp(Lanes.F32, lane -> lane ^ 1);

    private VectorRotation() {}

    /** Implements {@link Kernels#rotateNeighbours}. */
    static void neighbours(float[] x, int offset, int n, float[] table) {
        int c = 0;
        for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.F32, x, offset + c);
            turned(v, v.rearrange(NEIGHBOUR), table, c, n).intoArray(x, offset + c);
        }
        for (; c < n; c += 2) ScalarKernels.turn(x, offset, c, c + 1, n, table);
    }

    /** Implements {@link Kernels#rotateHalves}. */
    static void halves(float[] x, int offset, int n, float[] table) {
        int half = n / 2;
        int c = 0;
        for (; c < Lanes.F32.loopBound(half); c += Lanes.COUNT) {
            FloatVector a = FloatVector.fromArray(Lanes.F32, x, offset + c);
            FloatVector b = FloatVector.fromArray(Lanes.F32, x, offset + half + c);
            turned(a, b, table, c, n).intoArray(x, offset + c);
            turned(b, a, table, half + c, n).intoArray(x, offset + half + c);
        }
        for (; c < half; c++) ScalarKernels.turn(x, offset, c, c + half, n, table);
    }

    private static FloatVector turned(FloatVector v, FloatVector partner, float[] table, int c, int n) {
        FloatVector own = v.mul(FloatVector.fromArray(Lanes.F32, table, c));
        return own.add(partner.mul(FloatVector.fromArray(Lanes.F32, table, n + c)));
    }
}
