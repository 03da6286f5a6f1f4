package sparrow.speech.layers;

import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;

/** Weight and bias of a layer norm or group norm; epsilon is 1e-5 in every module of the GLM-4-Voice flow decoder and of the
 * Whisper encoders. */
public record Norm(Kernels kernels, float[] weight, float[] bias) {
    private static final float EPSILON = 1e-5f;

    /** Layer norm of x's rows, to a new block. */
    public Block layers(Block x) {
        Block y = Block.of(new float[x.rows() * x.columns()], x.rows(), x.columns());
        layers(x, y);
        return y;
    }

    /** Layer norm of x's rows into y, which may be x. */
    public void layers(Block x, Block y) {
        kernels.layerNorm(x, weight, bias, EPSILON, y);
    }

    /** Group norm of one sequence, in place. */
    public void groups(int groups, Block x) {
        kernels.groupNorm(x, groups, weight, bias, EPSILON, x);
    }
}
