package sparrow.engine.head;

import java.util.List;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.HiddenState;

/**
 * Predicts the units of a batch of positions from their hidden states, with the head of any layer: an exit head, or the
 * model's own at layer L. The weights of a layer's head are read once for
 * the whole batch.
 *
 * <p>For one thread; each decoder creates its own ({@link UnitFormat#newHead}).
 */
public interface OutputHead {
    /**
     * A position for which a head predicts.
     *
     * @param state residual stream after the layer of the head
     * @param modality expected modality of the predicted unit
     * @param speechOnly whether the head of layer L may choose only speech ({@link SpeechLogits#SPEECH})
     * @param sampler sampler of the sequence
     * @param position index in the sequence; greedy choices do not depend on it
     */
    record Query(HiddenState state, Modality modality, boolean speechOnly, Sampler sampler, int position) {}

    /**
     * Predicts the units that positions decide.
     *
     * @param queries positions of any sequences that have gone through the layer
     * @param layer layer of the head, from 1; L for the model's own head
     * @return one prediction for each query, valid until the next call
     * @throws IllegalArgumentException if the layer has no head
     */
    List<Prediction> predict(List<Query> queries, int layer);
}
