package sparrow.server.metrics;

import sparrow.models.pool.PooledReply;

/**
 * A reply that is over, for metrics and log.
 *
 * @param id of the request
 * @param api by which it was asked for
 * @param ending how it ended
 * @param heardSeconds of the question's sound; 0 if it was typed
 * @param encodeNanos that hearing took
 * @param reply what became of it
 * @param sampleRateHz of its sound
 * @param silenceSeconds longest silence of a player that began with the first samples
 */
public record FinishedReply(
        String id,
        Api api,
        Ending ending,
        double heardSeconds,
        long encodeNanos,
        PooledReply reply,
        int sampleRateHz,
        double silenceSeconds) {
    /** Seconds of its sound. */
    public double spokenSeconds() {
        return (double) reply.timing().samples() / sampleRateHz;
    }
}
