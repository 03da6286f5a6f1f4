package sparrow.engine.head;

import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.DamagedWeightsException;

/**
 * The output of a head at one position: a distribution over units. Valid until the next {@link OutputHead#predict}. For
 * one thread at a time.
 */
public interface Prediction {
    /** Chooses a unit with the sampler of the position's sequence. */
    Unit choose();

    /** Shannon entropy, in nats, of the token or of the first code of a frame. */
    double entropy();

    /**
     * Returns the log probability of the likeliest unit minus that of a unit, in nats: 0 for the likeliest unit,
     * infinity if the head does not know the unit. For a frame, only the first code counts.
     */
    double natsBelowBest(Unit unit);

    /**
     * Checks that the logits are finite, so that a unit can be chosen.
     *
     * @param layer layer of the head that made this prediction
     * @throws DamagedWeightsException if the logits contain NaN or infinity
     */
    void requireNumbers(int layer);
}
