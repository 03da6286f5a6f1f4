package sparrow.train;

import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings.HeadNorm;

/**
 * The step between hidden state and matrix: the model's final RMS norm, or nothing.
 *
 * @param weight of the norm, [width]; null for nothing
 */
record InputNorm(Kernels kernels, float[] weight, float epsilon) {
    static InputNorm of(HeadNorm norm, Transformer transformer) {
        float[] weight = switch (norm) {
            case FINAL -> transformer.finalNorm();
            case NONE -> null;
        };
        return new InputNorm(transformer.kernels(), weight, transformer.config().normEpsilon());
    }

    /** y = weight x s with s = 1 / sqrt(mean(x^2) + epsilon); without a norm y = x. */
    void apply(Block x, Block y) {
        if (weight != null) kernels.rmsNorm(x, weight, epsilon, y);
        else System.arraycopy(x.data(), x.offset(), y.data(), y.offset(), x.rows() * x.columns());
    }

    /** The gradient of x from that of y, in place: with g = weight dy, dx = s g - x s^3 mean(g x). */
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
