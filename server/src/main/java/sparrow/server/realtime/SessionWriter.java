package sparrow.server.realtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.reply.Wishes;

/** Writes sessions, with their effective values. What is not supported is shown as null. */
final class SessionWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SessionWriter() {}

    static ObjectNode write(ServerEvent.SessionView session) {
        SessionConfig config = session.config();
        ObjectNode node = JSON.objectNode()
                .put("type", "realtime")
                .put("object", "realtime.session")
                .put("id", session.id())
                .put("model", session.model())
                .put("expires_at", session.expiresAt());
        node.putArray("output_modalities").add(config.modality().wire());
        node.put("instructions", config.instructions());
        node.putObject("audio").<ObjectNode>set("input", input(config)).set("output", output(config));
        maxOutputTokens(node, config.maxOutputTokens());
        node.putArray("tools");
        node.put("tool_choice", "auto");
        truncation(node, config.truncation());
        node.putNull("include").putNull("prompt").putNull("tracing");
        node.set("sparrow", exits(config.wishes()));
        return node;
    }

    private static ObjectNode input(SessionConfig config) {
        ObjectNode input = JSON.objectNode();
        input.set("format", format(config.inputFormat()));
        config.turnDetection()
                .ifPresentOrElse(
                        detection -> input.set("turn_detection", detection(detection)),
                        () -> input.putNull("turn_detection"));
        return input.putNull("transcription").putNull("noise_reduction");
    }

    private static ObjectNode detection(TurnDetection detection) {
        return JSON.objectNode()
                .put("type", "server_vad")
                .put("threshold", detection.threshold())
                .put("prefix_padding_ms", detection.prefixPaddingMs())
                .put("silence_duration_ms", detection.silenceDurationMs())
                .put("create_response", detection.createResponse())
                .put("interrupt_response", detection.interruptResponse())
                .putNull("idle_timeout_ms");
    }

    private static ObjectNode output(SessionConfig config) {
        return JSON.objectNode()
                .<ObjectNode>set("format", format(config.outputFormat()))
                .put("voice", config.voice())
                .put("speed", 1.0);
    }

    static ObjectNode format(RealtimeFormat format) {
        ObjectNode node = JSON.objectNode().put("type", format.wireName());
        // The others have one rate, which goes without saying.
        return format == RealtimeFormat.PCM ? node.put("rate", format.rateHz()) : node;
    }

    static void maxOutputTokens(ObjectNode node, OptionalInt tokens) {
        if (tokens.isPresent()) node.put("max_output_tokens", tokens.getAsInt());
        else node.put("max_output_tokens", "inf");
    }

    private static void truncation(ObjectNode node, Truncation truncation) {
        switch (truncation) {
            case Truncation.Auto() -> node.put("truncation", "auto");
            case Truncation.Disabled() -> node.put("truncation", "disabled");
            case Truncation.Retention(double ratio) ->
                node.putObject("truncation").put("type", "retention_ratio").put("retention_ratio", ratio);
        }
    }

    /** Null where the server's own holds. */
    private static ObjectNode exits(Wishes wishes) {
        return JSON.objectNode().put("exit", wishes.exit().map(Object::toString).orElse(null));
    }
}
