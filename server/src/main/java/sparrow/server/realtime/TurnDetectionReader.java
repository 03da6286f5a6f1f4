package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import sparrow.server.reply.RefusedException;
import sparrow.server.vad.TurnSettings;

/** Reads how turns are found. */
final class TurnDetectionReader {
    private TurnDetectionReader() {}

    /** With the field {@code turn_detection} of an input: null clears, an object is merged. */
    static Optional<TurnDetection> merge(Optional<TurnDetection> before, Fields input) {
        if (!input.has("turn_detection")) return before;
        if (input.isNull("turn_detection")) return Optional.empty();
        Fields detection = input.requiredObject("turn_detection");
        String type = detection.text("type").orElse("server_vad");
        TurnDetection base = before.orElse(TurnDetection.DEFAULT);
        return Optional.of(
                switch (type) {
                    case "server_vad" -> server(base, detection);
                    case "semantic_vad" -> semantic(base, detection);
                    default ->
                        throw Fields.expected(
                                detection.param("type"), "server_vad or semantic_vad", detection.required("type"));
                });
    }

    private static TurnDetection server(TurnDetection base, Fields detection) {
        detection.allowing(Set.of(
                "type",
                "threshold",
                "prefix_padding_ms",
                "silence_duration_ms",
                "create_response",
                "interrupt_response",
                "idle_timeout_ms"));
        if (detection.value("idle_timeout_ms").isPresent()) {
            throw new RefusedException(
                    "unsupported_feature",
                    detection.param("idle_timeout_ms"),
                    detection.param("idle_timeout_ms") + ": expected null");
        }
        return new TurnDetection(
                detection.number("threshold", 0, 1).orElse(base.threshold()),
                milliseconds(detection, "prefix_padding_ms", TurnSettings.LONGEST_PADDING_MS)
                        .orElse(base.prefixPaddingMs()),
                milliseconds(detection, "silence_duration_ms", TurnSettings.LONGEST_SILENCE_MS)
                        .orElse(base.silenceDurationMs()),
                detection.bool("create_response").orElse(base.createResponse()),
                detection.bool("interrupt_response").orElse(base.interruptResponse()));
    }

    private static Optional<Integer> milliseconds(Fields detection, String key, int most) {
        return detection.integer(key, 0, most).map(Long::intValue);
    }

    /** By silence alone: patience instead of understanding. */
    private static TurnDetection semantic(TurnDetection base, Fields detection) {
        detection.allowing(Set.of("type", "eagerness", "create_response", "interrupt_response"));
        String eagerness = detection.text("eagerness").orElse("auto");
        int silence = switch (eagerness) {
            case "low" -> 1000;
            case "auto", "medium" -> 700;
            case "high" -> 500;
            default -> {
                JsonNode found = detection.required("eagerness");
                throw Fields.expected(detection.param("eagerness"), "low, medium, high or auto", found);
            }
        };
        return new TurnDetection(
                TurnDetection.DEFAULT.threshold(),
                TurnDetection.DEFAULT.prefixPaddingMs(),
                silence,
                detection.bool("create_response").orElse(base.createResponse()),
                detection.bool("interrupt_response").orElse(base.interruptResponse()));
    }
}
