package sparrow.server.metrics;

import java.util.Locale;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PooledReply;

/**
 * A finished reply, for the metrics and the log.
 *
 * @param id the request's id
 * @param api the API by which the reply was requested
 * @param ending the way in which the reply ended
 * @param heardSeconds the duration of the question's audio, or 0 if the question was typed
 * @param encodeNanos the time taken to encode the question
 * @param reply the result
 * @param sampleRateHz the sample rate of the reply
 * @param silenceSeconds the longest playback gap, assuming that playback starts with the first samples
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
    /** Returns the duration of the reply's audio in seconds. */
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

        /** Returns the API's name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The ways in which a reply can end, from the client's point of view. */
    public enum Ending {
        /** The model ended the reply. */
        STOP,
        /** A limit ended the reply. */
        LENGTH,
        /** The runaway guard ended the reply, which would not have ended otherwise. */
        RUNAWAY,
        /** The client cancelled the reply. */
        CANCELLED_CLIENT,
        /** The user began to speak. */
        CANCELLED_TURN,
        /** The client disconnected. */
        DISCONNECTED,
        /** The server failed. */
        FAILED,
        /** The server had no capacity for the reply. */
        REJECTED;

        /** Returns the ending for the reason why a reply stopped. */
        public static Ending of(StopReason stop) {
            return switch (stop) {
                case END_TOKEN -> STOP;
                case RUNAWAY -> RUNAWAY;
                case NEW_TOKENS, SPEECH_TAIL, CONTEXT_FULL, INTERRUPTED, CANCELLED -> LENGTH;
            };
        }

        /** Returns the ending's name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
