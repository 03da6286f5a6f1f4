package sparrow.models.lfm2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import sparrow.engine.exit.DamagedWeightsException;
import sparrow.engine.exit.Logits;
import sparrow.engine.interleave.Unit;
import sparrow.engine.sample.Prediction;
import sparrow.engine.sample.Sampler;
import sparrow.engine.tensor.Finite;

/**
 * The frame that a position decides. Nothing is decoded until a frame is chosen, or until the first codebook is looked at.
 *
 * @param decoder decodes it; others of the same head use it too
 * @param front input of the decoder
 * @param codebooks codes of a frame
 */
record FramePrediction(DepthSteps decoder, float[] front, int codebooks) implements Prediction {
    /** The end of speech: the end code in every codebook. */
    static Unit.Frame end(int codebooks) {
        return new Unit.Frame(Collections.nCopies(codebooks, DepthDecoder.END_CODE));
    }

    /** A frame whose first code is the end code has no others that matter. */
    @Override
    public Unit choose(Sampler sampler, int position) {
        List<Integer> codes = new ArrayList<>();
        decoder.begin(front);
        for (int codebook = 0; codebook < codebooks; codebook++) {
            int code = sampler.chooseCode(decoder.next(), codebook, position);
            if (codebook == 0 && code == DepthDecoder.END_CODE) return end(codebooks);
            codes.add(code);
            decoder.accept(code);
        }
        return new Unit.Frame(codes);
    }

    @Override
    public double entropy() {
        return first().entropy();
    }

    @Override
    public double natsBelowBest(Unit unit) {
        if (!(unit instanceof Unit.Frame(List<Integer> codes))) return Double.POSITIVE_INFINITY;
        return first().natsBelowBest(codes.getFirst(), DepthDecoder.CODES);
    }

    /** The scores of the first codebook. */
    private Logits first() {
        decoder.begin(front);
        return decoder.next();
    }

    @Override
    public void requireNumbers(int layer) {
        if (Finite.all(front)) return;
        throw new DamagedWeightsException("state of a frame after layer " + layer
                + ": expected numbers, got NaN or infinity; weights of this layer's head or of a layer below"
                + " are damaged");
    }
}
