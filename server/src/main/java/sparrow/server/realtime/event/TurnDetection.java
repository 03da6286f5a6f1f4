package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.vad.TurnSettings;

/**
 * The {@code server_vad} detection of the user's turns.
 *
 * @param threshold the minimum probability of a speech frame, from 0 to 1
 * @param prefixPaddingMs milliseconds of audio before the speech that belong to the turn
 * @param silenceDurationMs milliseconds of silence that end a turn
 * @param createResponse whether the end of a turn creates a response
 * @param interruptResponse whether the beginning of a turn cancels the running response
 */
public record TurnDetection(
        double threshold,
        int prefixPaddingMs,
        int silenceDurationMs,
        boolean createResponse,
        boolean interruptResponse) {
    /** The protocol's defaults. */
    static final TurnDetection DEFAULT = new TurnDetection(0.5, 300, 500, true, true);

    private static final String SERVER = "server_vad";
    private static final String SEMANTIC = "semantic_vad";

    @JsonProperty
    String type() {
        return SERVER;
    }

    @JsonProperty
    Integer idleTimeoutMs() {
        return null;
    }

    /**
     * Returns the turn detection that a client requests. A JSON null selects manual turns; an object is merged with the
     * previous settings.
     *
     * @param choice the client's value, or null to keep the previous settings
     * @throws RefusedException if the choice is invalid
     */
    static Optional<TurnDetection> merge(Optional<TurnDetection> before, JsonNode choice) {
        if (choice == null) return before;
        if (choice.isNull()) return Optional.empty();
        return Optional.of(
                Json.STRICT.read(choice, Fields.class, "turn_detection").over(before.orElse(DEFAULT)));
    }

    /** The keys that a client may send. Null leaves a setting unchanged. */
    private record Fields(
            String type,
            Double threshold,
            Number prefixPaddingMs,
            Number silenceDurationMs,
            Boolean createResponse,
            Boolean interruptResponse,
            JsonNode idleTimeoutMs,
            String eagerness) {
        public Fields {
            if (type == null) type = SERVER;
            switch (type) {
                case SERVER -> {
                    Check.absent("eagerness", eagerness);
                    Check.number("threshold", threshold, 0, 1);
                    Check.whole("prefix_padding_ms", prefixPaddingMs, 0, TurnSettings.MAX_PADDING_MS);
                    Check.whole("silence_duration_ms", silenceDurationMs, 0, TurnSettings.MAX_SILENCE_MS);
                    if (idleTimeoutMs != null && !idleTimeoutMs.isNull()) {
                        throw new RefusedException(
                                "unsupported_feature", "idle_timeout_ms", "idle_timeout_ms: expected null");
                    }
                }
                case SEMANTIC -> {
                    Check.absent("threshold", threshold);
                    Check.absent("prefix_padding_ms", prefixPaddingMs);
                    Check.absent("silence_duration_ms", silenceDurationMs);
                    Check.absent("idle_timeout_ms", idleTimeoutMs);
                    // Semantic detection is approximated by silence: the detector waits longer if the eagerness is
                    // lower.
                    silenceDurationMs = switch (eagerness == null ? "auto" : eagerness) {
                        case "low" -> 1000;
                        case "auto", "medium" -> 700;
                        case "high" -> 500;
                        default ->
                            throw RefusedException.mismatch(
                                    "eagerness", "low, medium, high or auto", Json.shown(eagerness));
                    };
                    threshold = DEFAULT.threshold();
                    prefixPaddingMs = DEFAULT.prefixPaddingMs();
                }
                default -> throw RefusedException.mismatch("type", "server_vad or semantic_vad", Json.shown(type));
            }
        }

        TurnDetection over(TurnDetection before) {
            return new TurnDetection(
                    threshold == null ? before.threshold() : threshold,
                    prefixPaddingMs == null ? before.prefixPaddingMs() : prefixPaddingMs.intValue(),
                    silenceDurationMs == null ? before.silenceDurationMs() : silenceDurationMs.intValue(),
                    createResponse == null ? before.createResponse() : createResponse,
                    interruptResponse == null ? before.interruptResponse() : interruptResponse);
        }
    }
}
