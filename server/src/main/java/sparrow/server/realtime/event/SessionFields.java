package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * A session in the protocol's form. It contains either a client's changes, with null for unchanged keys, or the
 * server's settings. Object, id, expiresAt, prompt and tracing are accepted and ignored, so that a client may send back
 * a session that it received.
 *
 * @param type {@code realtime}, or {@code transcription} for a session without responses
 * @param include names of additional events that the client requests
 */
@JsonIgnoreProperties({"parallel_tool_calls", "reasoning"})
public record SessionFields(
        String type,
        JsonNode object,
        JsonNode id,
        String model,
        JsonNode expiresAt,
        List<String> outputModalities,
        String instructions,
        Audio audio,
        JsonNode maxOutputTokens,
        List<JsonNode> tools,
        JsonNode toolChoice,
        TruncationSetting truncation,
        JsonNode include,
        JsonNode prompt,
        JsonNode tracing,
        JsonNode sparrow)
        implements ReplySettings.Change {
    private static final int MAX_NAMES = 32;

    /** Objects whose fields are settings. */
    private static final Set<String> GROUPS = Set.of("session.audio", "session.audio.input", "session.audio.output");

    record Audio(Input input, Output output) {}

    /**
     * Input settings.
     *
     * @param turnDetection a JSON null for manual turns, or null if unchanged
     * @param transcription a JSON null for no transcription, or null if unchanged
     */
    record Input(Format format, JsonNode turnDetection, JsonNode transcription, JsonNode noiseReduction) {
        static final Input NONE = new Input(null, null, null, null);

        public Input {
            // Validate here, so that the error refers to the right place.
            TurnDetection.merge(Optional.empty(), turnDetection);
            if (transcription != null && !transcription.isNull()) {
                Json.STRICT.read(transcription, Transcription.class, "transcription");
            }
        }
    }

    /**
     * Settings for the transcription of the user's speech. Hints are ignored.
     *
     * @param model any name; the served model is always used
     */
    @JsonIgnoreProperties({"language", "languages", "keywords", "delay"})
    record Transcription(String model, String prompt) {
        public Transcription {
            if (prompt != null && !prompt.isEmpty()) {
                throw RefusedException.unsupported("prompt", "the model uses only the recording");
            }
        }
    }

    /** Output settings. The speed must be 1, the model's own speed. */
    record Output(Format format, String voice, Double speed) {
        static final Output NONE = new Output(null, null, null);

        public Output {
            if (speed != null && speed != 1) {
                throw RefusedException.mismatch("speed", "1, the model's own", speed);
            }
        }
    }

    /**
     * An audio format.
     *
     * @param rate the sample rate in Hz, which is required only for PCM
     */
    public record Format(
            String type,
            @JsonInclude(JsonInclude.Include.NON_NULL) Number rate) {
        public Format {
            Check.required("type", type);
            RealtimeFormat format = named(type);
            Check.whole("rate", rate, format.rateHz(), format.rateHz());
        }

        public static Format of(RealtimeFormat format) {
            return new Format(format.wireName(), format == RealtimeFormat.PCM ? format.rateHz() : null);
        }

        /** Returns whether a client chose PCM or no format. */
        static boolean isPcm(Format choice) {
            return chosen(choice, RealtimeFormat.PCM) == RealtimeFormat.PCM;
        }

        /** Returns the client's format, or the previous format if the client did not choose a format. */
        static RealtimeFormat chosen(Format choice, RealtimeFormat before) {
            return choice == null ? before : named(choice.type());
        }

        private static RealtimeFormat named(String type) {
            try {
                return RealtimeFormat.named(type);
            } catch (IllegalArgumentException e) {
                throw RefusedException.value("type", "type: " + e.getMessage());
            }
        }
    }

    /**
     * Returns the names of up to 32 settings in a client's {@code session}, as paths such as
     * {@code session.audio.output.voice}.
     */
    static List<String> names(JsonNode session) {
        return names("session", session).limit(MAX_NAMES).toList();
    }

    private static Stream<String> names(String place, JsonNode object) {
        return object.propertyStream().flatMap(field -> {
            String name = place + "." + Json.brief(field.getKey());
            if (GROUPS.contains(name) && field.getValue().isObject()) return names(name, field.getValue());
            return name.equals("session.type") ? Stream.empty() : Stream.of(name);
        });
    }

    public SessionFields {
        if (type != null && !type.equals("realtime") && !type.equals("transcription")) {
            throw new RefusedException("unsupported_feature", "type", "type: expected realtime or transcription");
        }
        ReplySettings.check(instructions, outputModalities, maxOutputTokens);
    }

    /** Returns whether the beginning of a turn cancels the running response. */
    public boolean interruptsResponses() {
        JsonNode detection = input().turnDetection();
        return detection != null && detection.path("interrupt_response").asBoolean();
    }

    Input input() {
        return audio == null || audio.input() == null ? Input.NONE : audio.input();
    }

    @Override
    public Output output() {
        return audio == null || audio.output() == null ? Output.NONE : audio.output();
    }
}
