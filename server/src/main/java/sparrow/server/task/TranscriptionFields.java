package sparrow.server.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import sparrow.server.message.Check;
import sparrow.server.message.RefusedException;

/**
 * The fields of a transcription request in OpenAI's format, except the file. A missing field is null.
 *
 * @param language a hint, which is ignored because no supported model uses it
 */
record TranscriptionFields(
        String model,
        String language,
        String prompt,
        Format responseFormat,
        Boolean stream,
        Double temperature,
        String chunkingStrategy,
        @JsonProperty("include[]") String include,
        @JsonProperty("timestamp_granularities[]") String timestampGranularities) {
    private static final int MAX_LANGUAGE_CHARACTERS = 35;

    public TranscriptionFields {
        Check.required("model", model);
        Check.length("language", language, MAX_LANGUAGE_CHARACTERS);
        requireNone("prompt", prompt, "the model uses only the recording");
        requireNone("chunking_strategy", chunkingStrategy, "recordings are transcribed as a whole");
        requireNone("include[]", include, "probabilities are not returned");
        requireNone("timestamp_granularities[]", timestampGranularities, "the model does not compute timestamps");
        Check.number("temperature", temperature, 0, 1);
        if (responseFormat == null) responseFormat = Format.JSON;
        stream = stream != null && stream;
        if (stream && responseFormat == Format.VERBOSE_JSON) {
            throw RefusedException.unsupported("response_format", "verbose_json is not streamed");
        }
    }

    /** The formats of the response. */
    enum Format {
        /** The text and the usage. */
        @JsonProperty("json")
        JSON,
        /** The text. */
        @JsonProperty("text")
        TEXT,
        /**
         * The text, the task and the duration of the recording, without timestamps, which the model does not compute.
         */
        @JsonProperty("verbose_json")
        VERBOSE_JSON
    }

    private static void requireNone(String name, String value, String why) {
        if (value != null && !value.isEmpty()) throw RefusedException.unsupported(name, why);
    }
}
