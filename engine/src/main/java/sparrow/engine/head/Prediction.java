package sparrow.engine.head;

import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.DamagedWeightsException;

/**
 * A head's output at one position, which is a distribution over units. It is valid until the next
 * {@link OutputHead#predict} and must be used by one thread at a time.
 */
public interface Prediction {
    /** Chooses a unit with the sequence's sampler. */
    Unit choose();

    /** Returns the Shannon entropy, in nats, of the token or of the first code of a frame. */
    double entropy();

    /**
     * Returns the probability of a unit, before temperature, top-k, top-p and penalties. It is 0 if the head does not
     * cover the unit. For a frame, only the first code is considered.
     */
    double probability(Unit unit);

    /**
     * Returns the difference between the log probabilities of the likeliest unit and a given unit, in nats. It is 0 for
     * the likeliest unit and infinity if the head does not cover the unit. For a frame, only the first code is
     * considered.
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
