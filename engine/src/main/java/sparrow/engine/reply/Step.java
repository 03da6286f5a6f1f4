package sparrow.engine.reply;

import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;

/**
 * One decided unit of a reply.
 *
 * @param unit unit that the head chose; teacher forcing may feed another one in its place
 * @param modality modality that the position was expected to decide; that of the unit may differ
 * @param chunkPosition position in the chunk of that modality, from 1
 * @param exitLayer layer, from 1, whose head decided; L at full depth
 * @param draftLayer layer whose head drafted this unit before layer L confirmed it; L for a draft head, 0 if it was not
 *     drafted
 * @param entropy entropy of the head of the last conditional exit, in nats; NaN if there was none
 * @param nanos time since the previous unit; for the first unit, since the request was admitted
 */
public record Step(
        Unit unit, Modality modality, int chunkPosition, int exitLayer, int draftLayer, double entropy, long nanos) {
    /**
     * Returns the id of the token.
     *
     * @throws IllegalStateException if the unit is a frame
     */
    public int token() {
        if (unit instanceof Unit.Token(int id)) return id;
        throw new IllegalStateException("unit: expected a token, got " + unit);
    }
}
