package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.reply.RefusedException;

/** Reads what a client changes of a session. */
final class SessionReader {
    /** What may stand there: also what the server shows and a client sends back. */
    private static final Set<String> KEYS = Set.of(
            "type",
            "object",
            "id",
            "model",
            "expires_at",
            "output_modalities",
            "instructions",
            "audio",
            "max_output_tokens",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "truncation",
            "include",
            "prompt",
            "tracing",
            "reasoning",
            "sparrow");

    private static final int LONGEST_INSTRUCTIONS = 1 << 16;
    private static final int MOST_TOKENS = 4096;

    private SessionReader() {}

    /**
     * The settings with what an object says of them.
     *
     * @param model the only one that there is
     * @throws RefusedException if anything of it cannot be; nothing is changed then
     */
    static SessionConfig merge(SessionConfig config, Fields session, String model) {
        session.allowing(KEYS);
        requireModel(session, model);
        requireConversation(session);
        refuseTools(session);
        Optional<Fields> audio = session.object("audio").map(fields -> fields.allowing(Set.of("input", "output")));
        Optional<Fields> input = audio.flatMap(fields -> fields.object("input"));
        Optional<Fields> output = audio.flatMap(fields -> fields.object("output"));
        input.ifPresent(
                fields -> fields.allowing(Set.of("format", "turn_detection", "transcription", "noise_reduction")));
        output.ifPresent(SessionReader::checkOutput);
        return new SessionConfig(
                modality(session).orElse(config.modality()),
                instructions(session).orElse(config.instructions()),
                input.flatMap(SessionReader::format).orElse(config.inputFormat()),
                input.map(fields -> TurnDetectionReader.merge(config.turnDetection(), fields))
                        .orElse(config.turnDetection()),
                output.flatMap(SessionReader::format).orElse(config.outputFormat()),
                output.flatMap(fields -> fields.text("voice")).orElse(config.voice()),
                session.value("max_output_tokens").isPresent() ? maxOutputTokens(session) : config.maxOutputTokens(),
                truncation(session).orElse(config.truncation()),
                config.wishes().withExits(session.node().path("sparrow"), session.param("sparrow")));
    }

    private static void requireModel(Fields session, String model) {
        if (session.text("model").orElse(model).equals(model)) return;
        throw Fields.expected(session.param("model"), model, session.required("model"));
    }

    private static void requireConversation(Fields session) {
        String type = session.text("type").orElse("realtime");
        if (!type.equals("realtime")) {
            throw new RefusedException(
                    "unsupported_feature",
                    session.param("type"),
                    session.param("type") + ": expected realtime, this model talks and does not transcribe");
        }
    }

    static void refuseTools(Fields fields) {
        if (fields.list("tools").orElse(List.of()).isEmpty()) return;
        throw new RefusedException(
                "unsupported_feature", fields.param("tools"), fields.param("tools") + ": this model uses no tools");
    }

    private static void checkOutput(Fields output) {
        output.allowing(Set.of("format", "voice", "speed"));
        double speed = output.number("speed", 0, 10).orElse(1.0);
        if (speed != 1) {
            throw RefusedException.value(
                    output.param("speed"), output.param("speed") + ": expected 1, the model's own, got " + speed);
        }
    }

    static Optional<String> instructions(Fields fields) {
        Optional<String> text = fields.text("instructions");
        int length = text.map(String::length).orElse(0);
        if (length <= LONGEST_INSTRUCTIONS) return text;
        String param = fields.param("instructions");
        throw RefusedException.value(
                param, param + ": expected at most " + LONGEST_INSTRUCTIONS + " characters, got " + length);
    }

    static Optional<OutputModality> modality(Fields fields) {
        return fields.list("output_modalities").map(list -> {
            List<String> names = list.stream().map(JsonNode::asText).toList();
            if (names.equals(List.of("audio"))) return OutputModality.AUDIO;
            if (names.equals(List.of("text"))) return OutputModality.TEXT;
            String param = fields.param("output_modalities");
            throw RefusedException.value(param, param + ": expected [\"audio\"] or [\"text\"]");
        });
    }

    /** Of a field that is there: a number, or {@code "inf"} for none. */
    static OptionalInt maxOutputTokens(Fields fields) {
        JsonNode value = fields.required("max_output_tokens");
        if (value.isTextual() && value.textValue().equals("inf")) return OptionalInt.empty();
        if (!value.isNumber()) {
            throw Fields.expected(fields.param("max_output_tokens"), "1 to " + MOST_TOKENS + " or \"inf\"", value);
        }
        long tokens = fields.integer("max_output_tokens", 1, MOST_TOKENS).orElseThrow();
        return OptionalInt.of((int) tokens);
    }

    /** The field {@code format} of an input or output. */
    static Optional<RealtimeFormat> format(Fields audio) {
        return audio.object("format").map(format -> {
            format.allowing(Set.of("type", "rate"));
            String type = format.requiredText("type");
            RealtimeFormat chosen = named(type, format.param("type"));
            int rate = chosen.rateHz();
            format.integer("rate", rate, rate);
            return chosen;
        });
    }

    private static RealtimeFormat named(String type, String param) {
        try {
            return RealtimeFormat.named(type);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, param + ": " + e.getMessage());
        }
    }

    private static Optional<Truncation> truncation(Fields session) {
        return session.value("truncation").map(value -> {
            if (value.isObject()) return retention(session.requiredObject("truncation"));
            String name = session.requiredText("truncation");
            return switch (name) {
                case "auto" -> new Truncation.Auto();
                case "disabled" -> new Truncation.Disabled();
                default ->
                    throw Fields.expected(
                            session.param("truncation"), "auto, disabled or an object of type retention_ratio", value);
            };
        });
    }

    private static Truncation retention(Fields truncation) {
        truncation.allowing(Set.of("type", "retention_ratio", "token_limits"));
        String type = truncation.requiredText("type");
        if (!type.equals("retention_ratio")) {
            throw Fields.expected(truncation.param("type"), "retention_ratio", truncation.required("type"));
        }
        truncation.required("retention_ratio");
        return new Truncation.Retention(
                truncation.number("retention_ratio", 0, 1).orElseThrow());
    }
}
