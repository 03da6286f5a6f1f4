package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.kernel.Weight;
import sparrow.engine.transformer.ScoreRows;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Scores;
import sparrow.engine.transformer.State;

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
