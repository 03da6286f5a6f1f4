package sparrow.engine.reply;

import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * One decided unit of a reply.
 *
 * @param unit unit chosen by the head; teacher forcing may feed a different unit instead
 * @param modality modality that the position was expected to decide, which may differ from the unit's modality
 * @param chunkPosition position in the chunk of that modality, counted from 1
 * @param exitLayer layer, counted from 1, whose head decided the unit; L at full depth
 * @param draftLayer layer whose head drafted this unit before layer L accepted it; L for a draft head, or 0 if the
 *     unit was not drafted
 * @param entropy entropy computed by the head of the last conditional exit, in nats, or NaN if there was no conditional
 *     exit
 * @param probability probability of the unit according to the head that decided it, or NaN if the request does not ask
 *     for probabilities or the unit is not text
 * @param nanos time in nanoseconds since the previous unit, or since admission of the request for the first unit
 */
public record Step(
        Unit unit,
        Modality modality,
        int chunkPosition,
        int exitLayer,
        int draftLayer,
        double entropy,
        double probability,
        long nanos) {
    /**
     * Returns the token id.
     *
     * @throws IllegalStateException if the unit is a frame
     */
    public int token() {
        if (unit instanceof Unit.Token(int id)) return id;
        throw new IllegalStateException("unit: expected a token, got " + unit);
    }
}
