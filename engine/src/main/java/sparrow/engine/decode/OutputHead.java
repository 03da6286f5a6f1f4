package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.sample.Prediction;

/**
 * The heads of a model as a batch asks them: residual streams become predictions of units. The weights of a head are read once for
 * all positions that ask it.
 *
 * <p>For one thread; a decoder has its own ({@link UnitFormat#newHead}).
 */
public interface OutputHead {
    /**
     * Predictions of the units that positions decide.
     *
     * @param queries positions that stand at the layer, of any sequences
     * @param layer from 1; L is the model's own head
     * @return one for each, valid until the next call
     * @throws IllegalArgumentException if the layer has no head
     */
    List<Prediction> predict(List<HeadQuery> queries, int layer);
}
