package sparrow.engine.decode;

import sparrow.engine.interleave.Modality;

/**
 * One decided token of a reply.
 *
 * @param token id that the head chose; under teacher forcing another one may follow in its place
 * @param modality what the position was expected to decide; the token itself may differ where a modality ends
 * @param chunkPosition place in the run of that modality, from 1
 * @param exitLayer layer, from 1, whose head decided; L at full depth
 * @param draftLayer layer whose draft this token was before layer L confirmed it; L for a draft of the step head, 0 for no draft
 * @param entropy of the exit head in nats where a confidence rule asked for it, NaN elsewhere
 * @param nanos time from the previous token to this one; for the first token the prefill
 */
public record Step(
        int token, Modality modality, int chunkPosition, int exitLayer, int draftLayer, double entropy, long nanos) {}
