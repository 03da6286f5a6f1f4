package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.kernel.Weight;
import sparrow.engine.kernel.WeightLoader;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.ScoreRows;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Scores;
import sparrow.engine.transformer.State;
import sparrow.engine.weights.Checkpoint;

/**
 * Makes the {@link DepthDecoder}'s input of the backbone's state after a layer: W f(h) + b, where f is the backbone's final norm or
 * the identity. The model's own, the official depth_linear, is that of the last layer.
 */
final class FrontHead {
    private static final int[] NONE_MASKED = {};

    private final ScoreRows rows;
    private final float[] bias;

    /**
     * @param weight W, [codebooks * depth width, width]
     * @param bias b, [codebooks * depth width]
     * @param norm weight of f, [width], or null for the identity
     * @param normEpsilon inside that norm's root
     */
    FrontHead(Weight weight, float[] bias, float[] norm, float normEpsilon) {
        if (bias.length != weight.rows()) {
            throw new IllegalArgumentException(
                    "front head: expected a bias of " + weight.rows() + " values, got " + bias.length);
        }
        this.rows = new ScoreRows(null, norm, normEpsilon, List.of(weight), null, NONE_MASKED);
        this.bias = bias;
    }

    /**
     * The model's own.
     *
     * @param norm weight of f, [width], or null for the identity
     * @param load makes a matrix ready for the kernels
     * @throws sparrow.engine.weights.BadFileException if a tensor is missing, or does not fit
     */
    static FrontHead own(
            Lfm2Config config, Checkpoint checkpoint, int width, float[] norm, float normEpsilon, WeightLoader load) {
        int rows = Math.multiplyExact(config.codebooks(), config.depthWidth());
        Matrix weight = checkpoint.matrix("depth_linear.weight", rows, width);
        return new FrontHead(load.load(weight), checkpoint.floats("depth_linear.bias", rows), norm, normEpsilon);
    }

    /** Inputs of the depth decoder for several positions, each [codebooks * depth width]; the weights are read once. */
    List<float[]> inputs(Scorer scorer, List<State> states) {
        List<float[]> inputs = new ArrayList<>();
        for (Scores scores : scorer.scores(rows, states)) {
            float[] values = scores.values();
            float[] input = Arrays.copyOf(values, values.length);
            for (int r = 0; r < input.length; r++) input[r] += bias[r];
            inputs.add(input);
        }
        return inputs;
    }
}
