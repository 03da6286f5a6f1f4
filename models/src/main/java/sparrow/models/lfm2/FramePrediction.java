package sparrow.models.lfm2;

import java.util.Collections;
import java.util.List;
import sparrow.engine.head.Prediction;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.DamagedWeightsException;
import sparrow.tensor.Finite;

/**
 * The prediction of a frame.
 *
 * @param choice the frames of all positions that are predicted together
 * @param frame the index of this frame among them
 */
record FramePrediction(FrameChoice choice, int frame) implements Prediction {
    /** Returns the frame that ends speech. It contains the end code in every codebook. */
    static Unit.Frame end(int codebooks) {
        return new Unit.Frame(Collections.nCopies(codebooks, DepthDecoder.END_CODE));
    }

    @Override
    public Unit choose() {
        return choice.frame(frame);
    }

    @Override
    public double entropy() {
        return choice.first(frame).entropy();
    }

    @Override
    public double natsBelowBest(Unit unit) {
        if (!(unit instanceof Unit.Frame(List<Integer> codes))) return Double.POSITIVE_INFINITY;
        return choice.first(frame).natsBelowBest(codes.getFirst(), DepthDecoder.CODES);
    }

    @Override
    public void requireNumbers(int layer) {
        if (Finite.all(choice.inputs().get(frame))) return;
        throw new DamagedWeightsException("state of a frame after layer " + layer
                + ": expected numbers, got NaN or infinity; weights of this layer's head or of a layer below"
                + " are damaged");
    }
}
