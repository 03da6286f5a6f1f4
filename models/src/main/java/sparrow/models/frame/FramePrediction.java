package sparrow.models.frame;

import java.util.List;
import sparrow.engine.head.Prediction;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.engine.transformer.Logits;
import sparrow.tensor.Finite;

/**
 * The prediction of a frame.
 *
 * @param choice the frames of all positions that are predicted together
 * @param frame the index of this frame among all frames
 */
public record FramePrediction(FrameChoice choice, int frame) implements Prediction {
    @Override
    public Unit choose() {
        return choice.frame(frame);
    }

    @Override
    public double entropy() {
        return choice.first(frame).entropy();
    }

    @Override
    public double probability(Unit unit) {
        if (!(unit instanceof Unit.Frame(List<Integer> codes))) return 0;
        return choice.first(frame).probability(codes.get(choice.firstCodebook(frame)));
    }

    @Override
    public double natsBelowBest(Unit unit) {
        if (!(unit instanceof Unit.Frame(List<Integer> codes))) return Double.POSITIVE_INFINITY;
        Logits scores = choice.first(frame);
        return scores.natsBelowBest(codes.get(choice.firstCodebook(frame)), scores.values().length);
    }

    @Override
    public void requireNumbers(int layer) {
        if (Finite.all(choice.input(frame))) return;
        throw new DamagedWeightsException("state of a frame after layer " + layer
                + ": expected numbers, got NaN or infinity; weights of this layer's head or of a layer below"
                + " are damaged");
    }
}
