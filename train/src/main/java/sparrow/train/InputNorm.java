package sparrow.train;

import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings.HeadNorm;

/**
 * The step between the hidden state and the matrix, which is the model's final RMS norm or the identity.
 *
 * @param weight weight of the norm, [width], or null for the identity
 */
record InputNorm(Kernels kernels, float[] weight, float epsilon) {
    static InputNorm of(HeadNorm norm, Transformer transformer) {
        float[] weight = switch (norm) {
            case FINAL -> transformer.finalNorm();
            case NONE -> null;
        };
        return new InputNorm(transformer.kernels(), weight, transformer.config().normEpsilon());
    }

    /**
     * Computes {@code y = weight x s} with {@code s = 1 / sqrt(mean(x^2) + epsilon)}, or {@code y = x} without a norm.
     */
    void apply(Block x, Block y) {
        if (weight != null) kernels.rmsNorm(x, weight, epsilon, y);
        else System.arraycopy(x.data(), x.offset(), y.data(), y.offset(), x.rows() * x.columns());
    }

    /**
     * Converts the gradient of y to the gradient of x in place: {@code dx = s g - x s^3 mean(g x)} with
     * {@code g = weight dy}.
     */
    void backward(Block x, Block gradient) {
        if (weight == null) return;
        kernels.pool().forEach(x.rows(), 8L * x.rows() * x.columns(), r -> backward(x, gradient, r));
    }

    private void backward(Block x, Block gradient, int r) {
        int n = x.columns();
        int from = x.offset() + r * x.stride();
        int to = gradient.offset() + r * gradient.stride();
        double squares = 0;
        double products = 0;
        for (int c = 0; c < n; c++) {
            double value = x.data()[from + c];
            gradient.data()[to + c] *= weight[c];
            squares += value * value;
            products += value * gradient.data()[to + c];
        }
        double scale = 1 / Math.sqrt(squares / n + epsilon);
        double pull = scale * scale * scale * products / n;
        for (int c = 0; c < n; c++) {
            gradient.data()[to + c] = (float) (scale * gradient.data()[to + c] - pull * x.data()[from + c]);
        }
    }
}
