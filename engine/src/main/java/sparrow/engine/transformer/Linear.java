package sparrow.engine.transformer;

import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Product;
import sparrow.tensor.kernel.Weight;

/**
 * A linear layer, y = x w^T + bias.
 *
 * @param weight weight matrix w, [outputs, inputs]
 * @param bias bias, [outputs], or null if there is none, as expected by the kernels
 */
public record Linear(Weight weight, float[] bias) {
    public Linear {
        if (bias != null && bias.length != weight.rows()) {
            throw new IllegalArgumentException("bias: expected " + weight.rows() + " values, got " + bias.length);
        }
    }

    /** Returns the number of parameters, including the bias. */
    public long parameters() {
        return (long) weight.rows() * weight.columns() + (bias == null ? 0 : bias.length);
    }

    /** Computes y = x w^T + bias. */
    public void apply(Kernels kernels, Block x, Block y) {
        kernels.linear(x, weight, bias, y);
    }

    /** Returns this layer as one of several products with the same input. */
    Product into(Block y) {
        return new Product(weight, bias, y);
    }
}
