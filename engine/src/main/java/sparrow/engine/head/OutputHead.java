package sparrow.engine.head;

import java.util.List;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.HiddenState;

/**
 * The heads of a model as a batch asks them: residual streams become predictions of units. The weights of a head are read once for
 * all positions that ask it.
 *
 * <p>For one thread; a decoder has its own ({@link UnitFormat#newHead}).
 */
public interface OutputHead {
    /**
     * A position that a head reads.
     *
     * @param state residual stream after the head's layer
     * @param modality that its output is expected to have
     * @param speechOnly whether the final head is to choose among speech alone ({@link SpeechLogits#SPEECH})
     * @param sampler of its sequence
     * @param position its index in its sequence; greedy choices do not depend on it
     */
    record Query(HiddenState state, Modality modality, boolean speechOnly, Sampler sampler, int position) {}

    /**
     * Predictions of the units that positions decide.
     *
     * @param queries positions that have gone through the layer, of any sequences
     * @param layer from 1; L is the model's own head
     * @return one for each, valid until the next call
     * @throws IllegalArgumentException if the layer has no head
     */
    List<Prediction> predict(List<Query> queries, int layer);
}
