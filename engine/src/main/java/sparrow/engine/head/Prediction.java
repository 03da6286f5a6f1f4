package sparrow.engine.head;

import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.DamagedWeightsException;

/**
 * The output of a head at one position: a distribution over units. Valid until its head is asked again; for one thread at a
 * time.
 */
public interface Prediction {
    /** The unit that the position's sampler chooses. */
    Unit choose();

    /** Shannon entropy in nats: of the token, or of the first code of a frame. */
    double entropy();

    /**
     * The distance in nats by which a unit is less likely than the likeliest: 0 for the likeliest, infinite if the head does not know
     * it. Of a frame the first code counts.
     */
    double natsBelowBest(Unit unit);

    /**
     * Checks that a unit can be chosen.
     *
     * @param layer the layer whose head this is the output of
     * @throws DamagedWeightsException if scores are not numbers
     */
    void requireNumbers(int layer);
}
