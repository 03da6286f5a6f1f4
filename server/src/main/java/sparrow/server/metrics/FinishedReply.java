package sparrow.server.metrics;

import java.util.Locale;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PooledReply;

/**
 * A finished reply, for metrics and log.
 *
 * @param id of the request
 * @param api by which it was requested
 * @param ending how it ended
 * @param heardSeconds length of the question's sound; 0 if it was typed
 * @param encodeNanos time that encoding the question took
 * @param reply the result
 * @param sampleRateHz of its sound
 * @param silenceSeconds longest gap of a player that starts with the first samples
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
    /** Returns the length of its sound in seconds. */
    public double spokenSeconds() {
        return (double) reply.timing().samples() / sampleRateHz;
    }

    /** The API by which a reply was requested. */
    public enum Api {
        /** {@code POST /v1/chat/completions}. */
        CHAT,
        /** {@code GET /v1/realtime}. */
        REALTIME,
        /** {@code POST /v1/audio/transcriptions}. */
        TRANSCRIPTIONS,
        /** {@code POST /v1/audio/speech}. */
        SPEECH;

        /** Returns its name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The end of a reply, as its client sees it. */
    public enum Ending {
        /** The model ended the reply. */
        STOP,
        /** A limit ended the reply. */
        LENGTH,
        /** The runaway guard ended the reply, which would have gone on forever. */
        RUNAWAY,
        /** The client cancelled the reply. */
        CANCELLED_CLIENT,
        /** The user began to speak. */
        CANCELLED_TURN,
        /** The client disconnected. */
        DISCONNECTED,
        /** The server failed. */
        FAILED,
        /** There was no room for the reply. */
        REJECTED;

        /** Returns the ending of a complete reply. */
        public static Ending of(StopReason stop) {
            return switch (stop) {
                case END_TOKEN -> STOP;
                case RUNAWAY -> RUNAWAY;
                case NEW_TOKENS, SPEECH_TAIL, CONTEXT_FULL, INTERRUPTED, CANCELLED -> LENGTH;
            };
        }

        /** Returns its name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
