package sparrow.speech.layers;

import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * A layer norm or group norm.
 *
 * @param weight factors, [n]
 * @param bias summands, [n]
 * @param epsilon value added to the variance
 */
public record Norm(Kernels kernels, float[] weight, float[] bias, float epsilon) {
    /** Applies a layer norm to each row of x and returns a new block. */
    public Block layers(Block x) {
        Block y = Block.of(new float[x.rows() * x.columns()], x.rows(), x.columns());
        layers(x, y);
        return y;
    }

    /** Applies a layer norm to each row of x. The result is taken from the workspace. */
    public Block layers(Block x, Workspace workspace) {
        Block y = workspace.take(x.rows(), x.columns());
        layers(x, y);
        return y;
    }

    /** Applies a layer norm to each row of x and writes the result to y, which may be x. */
    public void layers(Block x, Block y) {
        kernels.layerNorm(x, weight, bias, epsilon, y);
    }

    /** Applies a group norm to one sequence in place. */
    public void groups(int groups, Block x) {
        kernels.groupNorm(x, groups, weight, bias, epsilon, x);
    }
}
