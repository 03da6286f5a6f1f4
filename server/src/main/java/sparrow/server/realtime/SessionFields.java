package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.reply.Check;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;

/**
 * A session as the protocol has it: what a client changes, where null leaves things as they are, and what the server shows. Keys
 * without a line are taken and ignored, so that a client may send back what it was shown.
 *
 * @param type {@code realtime}
 * @param outputModalities either {@code audio} or {@code text}
 * @param maxOutputTokens a number, or {@code "inf"} for none
 * @param tools that the model may call
 * @param toolChoice whether it may
 * @param truncation for a full context
 * @param sparrow exits of the model
 */
record SessionFields(
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
        @JsonInclude(JsonInclude.Include.NON_NULL) JsonNode parallelToolCalls,
        Truncation truncation,
        JsonNode include,
        JsonNode prompt,
        JsonNode tracing,
        @JsonInclude(JsonInclude.Include.NON_NULL) JsonNode reasoning,
        JsonNode sparrow) {
    private static final int LONGEST_INSTRUCTIONS = 1 << 16;
    private static final int MOST_TOKENS = 4096;

    /** Both sides. */
    record Audio(Input input, Output output) {}

    /**
     * @param turnDetection JSON's null where the client commits; null as it was
     * @param transcription JSON's null for none; null as it was
     */
    record Input(Format format, JsonNode turnDetection, JsonNode transcription, JsonNode noiseReduction) {
        /** As it was. */
        static final Input NONE = new Input(null, null, null, null);

        public Input {
            // Refused here, with its place.
            TurnDetection.merge(Optional.empty(), turnDetection);
            if (transcription != null && !transcription.isNull()) {
                Json.STRICT.read(transcription, Transcription.class, "transcription");
            }
        }
    }

    /**
     * The transcription of the user: by the model that talks.
     *
     * @param model of any name, which stands for it
     * @param language a hint, which is ignored
     */
    record Transcription(String model, String language, String prompt) {
        public Transcription {
            if (prompt != null && !prompt.isEmpty()) {
                throw RefusedException.unsupported("prompt", "the model hears the recording alone");
            }
        }

        static Transcription by(String model) {
            return new Transcription(model, null, null);
        }
    }

    /** @param speed the model's own, 1 */
    record Output(Format format, String voice, Double speed) {
        /** As it was. */
        static final Output NONE = new Output(null, null, null);

        public Output {
            if (speed != null && speed != 1) {
                throw RefusedException.mismatch("speed", "1, the model's own", speed);
            }
        }
    }

    /** @param rate Hz, which goes without saying for all but PCM */
    record Format(
            String type,
            @JsonInclude(JsonInclude.Include.NON_NULL) Number rate) {
        public Format {
            Check.required("type", type);
            RealtimeFormat format = named(type);
            Check.whole("rate", rate, format.rateHz(), format.rateHz());
        }

        static Format of(RealtimeFormat format) {
            return new Format(format.wireName(), format == RealtimeFormat.PCM ? format.rateHz() : null);
        }

        /** The format of a client's choice, or the one before. */
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

    public SessionFields {
        if (type != null && !type.equals("realtime")) {
            throw new RefusedException("unsupported_feature", "type", "type: expected realtime");
        }
        check(instructions, outputModalities, maxOutputTokens);
    }

    /** The keys that sessions and responses have in common. */
    static void check(String instructions, List<String> outputModalities, JsonNode maxOutputTokens) {
        Check.length("instructions", instructions, LONGEST_INSTRUCTIONS);
        modality(outputModalities, null);
        maxOutputTokens(maxOutputTokens, null);
    }

    /** The form of a client's choice, or the one before. */
    static OutputModality modality(List<String> choice, OutputModality before) {
        if (choice == null) return before;
        if (choice.equals(List.of("audio"))) return OutputModality.AUDIO;
        if (choice.equals(List.of("text"))) return OutputModality.TEXT;
        throw RefusedException.value("output_modalities", "output_modalities: expected [\"audio\"] or [\"text\"]");
    }

    /** The bound of a client's choice, or the one before. */
    static OptionalInt maxOutputTokens(JsonNode choice, OptionalInt before) {
        if (choice == null || choice.isNull()) return before;
        if (choice.isTextual() && choice.textValue().equals("inf")) return OptionalInt.empty();
        if (!choice.isNumber()) {
            throw RefusedException.mismatch(
                    "max_output_tokens", "1 to " + MOST_TOKENS + " or \"inf\"", Json.shown(choice));
        }
        Check.whole("max_output_tokens", choice.numberValue(), 1, MOST_TOKENS);
        return OptionalInt.of(choice.intValue());
    }
}
