package sparrow.speech.layers;

import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Product;
import sparrow.tensor.kernel.Weight;

/** A linear layer whose weights are prepared for the kernels. */
public record Linear(Kernels kernels, Weight weight, float[] bias) {
    /** Applies the layer to x [rows, in] and returns a new block [rows, out]. */
    public Block of(Block x) {
        Block y = Block.of(new float[x.rows() * weight.rows()], x.rows(), weight.rows());
        kernels.linear(x, weight, bias, y);
        return y;
    }

    /** Applies the layer to x [rows, in]. The result [rows, out] is taken from the workspace. */
    public Block of(Block x, Workspace workspace) {
        Block y = workspace.take(x.rows(), weight.rows());
        kernels.linear(x, weight, bias, y);
        return y;
    }

    /** Returns this layer as one of several products with the same input. The product is written to y [rows, out]. */
    public Product product(Block y) {
        return new Product(weight, bias, y);
    }

    /** Applies the layer to x [rows, in] and writes the result to y [rows, out]. */
    public void into(Block x, Block y) {
        kernels.linear(x, weight, bias, y);
    }
}
