package sparrow.server.metrics;

import java.util.Locale;
import sparrow.engine.reply.StopReason;
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

    /** By which wire a reply was asked for. */
    public enum Api {
        /** {@code POST /v1/chat/completions}. */
        CHAT,
        /** {@code GET /v1/realtime}. */
        REALTIME,
        /** {@code POST /v1/audio/transcriptions}. */
        TRANSCRIPTIONS,
        /** {@code POST /v1/audio/speech}. */
        SPEECH;

        /** Its name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The end of a reply, as its client sees it. */
    public enum Ending {
        /** The model ended it. */
        STOP,
        /** A limit ended it. */
        LENGTH,
        /** It would have gone on for ever, and the guard ended it. */
        RUNAWAY,
        /** The client took it back. */
        CANCELLED_CLIENT,
        /** The user began to speak. */
        CANCELLED_TURN,
        /** The client went away. */
        DISCONNECTED,
        /** The server failed. */
        FAILED,
        /** There was no room for it. */
        REJECTED;

        /** Of a reply that was not broken off. */
        public static Ending of(StopReason stop) {
            return switch (stop) {
                case END_TOKEN -> STOP;
                case RUNAWAY -> RUNAWAY;
                case NEW_TOKENS, SPEECH_TAIL, CONTEXT_FULL, INTERRUPTED, CANCELLED -> LENGTH;
            };
        }

        /** Its name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
