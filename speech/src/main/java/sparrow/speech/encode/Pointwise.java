package sparrow.speech.encode;

import sparrow.engine.kernel.Activation;
import sparrow.engine.kernel.Kernels;

/** Activations over whole arrays, on all threads. */
final class Pointwise {
    private static final int PIECE = 16_384;

    private Pointwise() {}

    static void gelu(Kernels kernels, float[] x) {
        kernels.pool().forEach(Math.ceilDiv(x.length, PIECE), piece -> {
            int from = piece * PIECE;
            kernels.apply(Activation.GELU, x, from, Math.min(PIECE, x.length - from));
        });
    }
}
