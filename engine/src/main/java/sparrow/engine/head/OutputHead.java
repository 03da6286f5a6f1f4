package sparrow.engine.head;

import java.util.List;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.Modality;
import sparrow.engine.transformer.HiddenState;

/**
 * Predicts the units of a batch of positions from their hidden states with the head of any layer: an exit head below
 * layer L, or the model's own head at layer L. The weights of a layer's head are read once for the entire batch.
 *
 * <p>Instances must be used by only one thread. Each decoder creates its own output head ({@link UnitFormat#newHead}).
 */
public interface OutputHead {
    /**
     * A position for which a head makes a prediction.
     *
     * @param state residual stream after the head's layer
     * @param modality expected modality of the predicted unit
     * @param speechOnly whether layer L's head may choose only speech ({@link SpeechLogits#SPEECH})
     * @param sampler the sequence's sampler
     * @param position index of the position in the sequence; greedy choices do not depend on it
     */
    record Query(HiddenState state, Modality modality, boolean speechOnly, Sampler sampler, int position) {}

    /**
     * Predicts the units that positions decide.
     *
     * @param queries positions of any sequences that have passed through the layer
     * @param layer the head's layer, counted from 1; L for the model's own head
     * @return one prediction for each query, valid until the next call
     * @throws IllegalArgumentException if the layer has no head
     */
    List<Prediction> predict(List<Query> queries, int layer);
}
