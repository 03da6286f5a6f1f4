package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonAppend;
import java.util.List;
import java.util.Map;
import sparrow.server.reply.Json;
import sparrow.server.reply.TaskUsage;

/**
 * The events that the server sends: a record each with the type that the protocol has for it, whose components are the keys of the GA names,
 * each required one there.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonAppend(attrs = @JsonAppend.Attr("event_id"), prepend = true)
sealed interface ServerEvent {
    /**
     * The frame of an event.
     *
     * @param eventId its name
     */
    static String frame(ServerEvent event, String eventId) {
        return Json.text(event, Map.of("event_id", eventId));
    }

    @JsonTypeName("session.created")
    record SessionCreated(SessionFields session) implements ServerEvent {}

    @JsonTypeName("session.updated")
    record SessionUpdated(
            SessionFields session,
            @JsonInclude(JsonInclude.Include.NON_NULL) Caution sparrow) implements ServerEvent {}

    /** @param caution what is otherwise than a client said, in a line */
    record Caution(String caution) {}

    @JsonTypeName("conversation.created")
    record ConversationCreated(Conversation conversation) implements ServerEvent {}

    /** Milliseconds of all sound appended in the session. */
    @JsonTypeName("input_audio_buffer.speech_started")
    record SpeechStarted(String itemId, long audioStartMs) implements ServerEvent {}

    @JsonTypeName("input_audio_buffer.speech_stopped")
    record SpeechStopped(String itemId, long audioEndMs) implements ServerEvent {}

    /** Of a frame of 32 ms, 0 to 1; not a part of the protocol. */
    @JsonTypeName("sparrow.speech_probability")
    record SpeechProbability(float probability) implements ServerEvent {}

    @JsonTypeName("input_audio_buffer.committed")
    record AudioCommitted(String itemId, String previousItemId) implements ServerEvent {}

    @JsonTypeName("input_audio_buffer.cleared")
    record AudioCleared() implements ServerEvent {}

    @JsonTypeName("conversation.item.added")
    record ItemAdded(String previousItemId, Item item) implements ServerEvent {}

    @JsonTypeName("conversation.item.done")
    record ItemDone(String previousItemId, Item item) implements ServerEvent {}

    /** @param key its place in the conversation */
    @JsonTypeName("conversation.item.input_audio_transcription.delta")
    record InputTranscriptDelta(@JsonUnwrapped KeptAudio.Key key, String delta) implements ServerEvent {}

    @JsonTypeName("conversation.item.input_audio_transcription.completed")
    record InputTranscribed(@JsonUnwrapped KeptAudio.Key key, String transcript, TaskUsage usage)
            implements ServerEvent {}

    @JsonTypeName("conversation.item.input_audio_transcription.failed")
    record InputTranscriptionFailed(@JsonUnwrapped KeptAudio.Key key, Problem error) implements ServerEvent {}

    /** @param item with the sound of its parts, as far as it is kept */
    @JsonTypeName("conversation.item.retrieved")
    record ItemRetrieved(JsonNode item) implements ServerEvent {}

    @JsonTypeName("conversation.item.deleted")
    record ItemDeleted(String itemId) implements ServerEvent {}

    @JsonTypeName("conversation.item.truncated")
    record ItemTruncated(String itemId, int contentIndex, long audioEndMs) implements ServerEvent {}

    @JsonTypeName("response.created")
    record ResponseCreated(ResponseView response) implements ServerEvent {}

    @JsonTypeName("response.output_item.added")
    record OutputItemAdded(String responseId, int outputIndex, Item item) implements ServerEvent {}

    @JsonTypeName("response.content_part.added")
    record PartAdded(@JsonUnwrapped Place place, Part part) implements ServerEvent {}

    @JsonTypeName("response.output_audio_transcript.delta")
    record TranscriptDelta(
            @JsonUnwrapped Place place,
            String delta,
            @JsonUnwrapped Trace trace) implements ServerEvent {}

    @JsonTypeName("response.output_text.delta")
    record TextDelta(
            @JsonUnwrapped Place place,
            String delta,
            @JsonUnwrapped Trace trace) implements ServerEvent {}

    /**
     * Sound.
     *
     * @param delta in base64
     * @param ms how long it sounds
     */
    @JsonTypeName("response.output_audio.delta")
    record AudioDelta(
            @JsonUnwrapped Place place,
            String delta,
            @JsonIgnore long ms,
            @JsonUnwrapped Trace trace) implements ServerEvent {}

    @JsonTypeName("response.output_audio.done")
    record AudioDone(@JsonUnwrapped Place place) implements ServerEvent {}

    @JsonTypeName("response.output_audio_transcript.done")
    record TranscriptDone(@JsonUnwrapped Place place, String transcript) implements ServerEvent {}

    @JsonTypeName("response.output_text.done")
    record TextDone(@JsonUnwrapped Place place, String text) implements ServerEvent {}

    @JsonTypeName("response.content_part.done")
    record PartDone(@JsonUnwrapped Place place, Part part) implements ServerEvent {}

    @JsonTypeName("response.output_item.done")
    record OutputItemDone(String responseId, int outputIndex, Item item) implements ServerEvent {}

    /** All arguments at once: a call is told when it is whole. */
    @JsonTypeName("response.function_call_arguments.delta")
    record ArgumentsDelta(String responseId, String itemId, int outputIndex, String callId, String delta)
            implements ServerEvent {}

    @JsonTypeName("response.function_call_arguments.done")
    record ArgumentsDone(
            String responseId, String itemId, int outputIndex, String callId, String name, String arguments)
            implements ServerEvent {}

    /** The last one of a response. */
    @JsonTypeName("response.done")
    record ResponseDone(ResponseView response) implements ServerEvent {}

    /** @param rateLimits there are none */
    @JsonTypeName("rate_limits.updated")
    record RateLimits(List<String> rateLimits) implements ServerEvent {}

    @JsonTypeName("output_audio_buffer.cleared")
    record OutputCleared(String responseId) implements ServerEvent {}

    /** The session goes on. */
    @JsonTypeName("error")
    record Failed(Failure error) implements ServerEvent {}

    /**
     * The fault.
     *
     * @param eventId of the client's event that it answers; null if none
     */
    record Failure(@JsonUnwrapped Problem problem, String eventId) {}

    /** The only one of a session. */
    record Conversation(String id) {
        @JsonProperty
        String object() {
            return "realtime.conversation";
        }
    }

    /**
     * The place of a response's message, which is of one part.
     *
     * @param responseId the response
     * @param itemId its item
     */
    record Place(String responseId, String itemId) {
        @JsonProperty
        int outputIndex() {
            return 0;
        }

        @JsonProperty
        int contentIndex() {
            return 0;
        }
    }

    /** A part is called audio or text, where an item's content is called output_audio or output_text. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(String type, String transcript, String text) {
        static Part of(OutputModality modality, String words) {
            return switch (modality) {
                case AUDIO -> new Part(modality.wire(), words, null);
                case TEXT -> new Part(modality.wire(), null, words);
            };
        }
    }

    /** @param sparrow a letter for each position that a delta brings, as {@code trace}; null if there is none */
    record Trace(@JsonInclude(JsonInclude.Include.NON_NULL) Map<String, String> sparrow) {
        static Trace of(String letters) {
            return new Trace(letters.isEmpty() ? null : Map.of("trace", letters));
        }
    }

    /**
     * A response, as clients see it.
     *
     * @param id its name
     * @param status how far it came
     * @param statusDetails why it was cut off or failed; null if neither
     * @param output its items, none before the end
     * @param conversationId null if it stays out of the conversation
     * @param outputModalities its form
     * @param maxOutputTokens its bound; {@code "inf"} for the server's
     * @param audio format and voice of its sound
     * @param metadata the client's and the server's
     * @param usage tokens, at the end
     */
    record ResponseView(
            String id,
            Status status,
            StatusDetails statusDetails,
            List<Item> output,
            String conversationId,
            List<String> outputModalities,
            JsonNode maxOutputTokens,
            Audio audio,
            Map<String, String> metadata,
            Usage usage) {
        @JsonProperty
        String object() {
            return "realtime.response";
        }

        /** Of a response that is to be made so. */
        static ResponseView of(
                ResponseSetup setup, Outcome outcome, List<Item> output, Map<String, String> metadata, Usage usage) {
            return new ResponseView(
                    setup.id(),
                    outcome.status(),
                    outcome.details(),
                    output,
                    setup.conversationId().orElse(null),
                    List.of(setup.modality().wire()),
                    SessionConfig.bound(setup.maxOutputTokens()),
                    new Audio(new Output(SessionFields.Format.of(setup.format()), setup.voice())),
                    metadata,
                    usage);
        }
    }

    /** Of a response. */
    record Audio(Output output) {}

    /** Of a response's sound. */
    record Output(SessionFields.Format format, String voice) {}

    /** The reason for which a response is not complete. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StatusDetails(Status type, String reason, Reason error) {}

    /** The reason for which a response failed. */
    record Reason(String type, String code, String message) {}

    /** The progress of a response. */
    enum Status {
        /** More will come. */
        IN_PROGRESS,
        /** It was said to its end. */
        COMPLETED,
        /** The user or the client stopped it. */
        CANCELLED,
        /** It hit a bound. */
        INCOMPLETE,
        /** It broke off. */
        FAILED
    }

    /** Tokens of a response. */
    record Usage(
            int totalTokens,
            int inputTokens,
            int outputTokens,
            InputDetails inputTokenDetails,
            OutputDetails outputTokenDetails) {}

    /** @param cachedTokens of which keys and values were there already */
    record InputDetails(int textTokens, int audioTokens, int cachedTokens) {}

    /** Tokens that were decided. */
    record OutputDetails(int textTokens, int audioTokens) {}
}
