package sparrow.engine.reply;

import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * One decided unit of a reply.
 *
 * @param unit that the head chose; under teacher forcing another one may follow in its place
 * @param modality that the position was expected to decide; the unit itself may differ where a modality ends
 * @param chunkPosition place in the run of that modality, from 1
 * @param exitLayer layer, from 1, whose head decided; L at full depth
 * @param draftLayer layer whose draft this unit was before layer L confirmed it; L for one of a draft head, 0 for no draft
 * @param entropy of the exit head in nats where a confidence rule asked for it, NaN elsewhere
 * @param nanos time from the previous unit to this one; for the first unit the prefill
 */
public record Step(
        Unit unit, Modality modality, int chunkPosition, int exitLayer, int draftLayer, double entropy, long nanos) {
    /**
     * The id of a token.
     *
     * @throws IllegalStateException if the unit is a frame
     */
    public int token() {
        if (unit instanceof Unit.Token(int id)) return id;
        throw new IllegalStateException("unit: expected a token, got " + unit);
    }
}
