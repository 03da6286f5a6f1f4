package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonAppend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.server.message.Json;
import sparrow.server.reply.TaskUsage;

/**
 * The events that the server sends, with one record per event type of the protocol. The components are the keys of the
 * GA version, including all required keys.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonAppend(attrs = @JsonAppend.Attr("event_id"), prepend = true)
public sealed interface ServerEvent {
    /** Returns the frame for an event. */
    static String frame(ServerEvent event, String eventId) {
        return Json.text(event, Map.of("event_id", eventId));
    }

    @JsonTypeName("session.created")
    record SessionCreated(
            SessionFields session,
            @JsonInclude(JsonInclude.Include.NON_NULL) Caution sparrow) implements ServerEvent {}

    @JsonTypeName("session.updated")
    record SessionUpdated(
            SessionFields session,
            @JsonInclude(JsonInclude.Include.NON_NULL) Caution sparrow) implements ServerEvent {}

    /** A one-line description of a change to the client's request. */
    record Caution(String caution) {
        /** Returns a caution, or null if the line is empty. */
        public static Caution of(Optional<String> line) {
            return line.map(Caution::new).orElse(null);
        }
    }

    @JsonTypeName("conversation.created")
    record ConversationCreated(Conversation conversation) implements ServerEvent {}

    /** The user has started to speak, at the given position in all audio appended during the session. */
    @JsonTypeName("input_audio_buffer.speech_started")
    record SpeechStarted(String itemId, long audioStartMs) implements ServerEvent {}

    @JsonTypeName("input_audio_buffer.speech_stopped")
    record SpeechStopped(String itemId, long audioEndMs) implements ServerEvent {}

    /** The probability that a frame of 32 ms contains speech, from 0 to 1. This event is not part of the protocol. */
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

    /** A piece of the transcript of the user's speech. The key identifies the transcript in the conversation. */
    @JsonTypeName("conversation.item.input_audio_transcription.delta")
    record InputTranscriptDelta(@JsonUnwrapped Content.Key key, String delta) implements ServerEvent {}

    @JsonTypeName("conversation.item.input_audio_transcription.completed")
    record InputTranscribed(@JsonUnwrapped Content.Key key, String transcript, TaskUsage usage)
            implements ServerEvent {}

    @JsonTypeName("conversation.item.input_audio_transcription.failed")
    record InputTranscriptionFailed(@JsonUnwrapped Content.Key key, Problem error) implements ServerEvent {}

    /** An item that the client requested, including the audio of its parts if it is still stored. */
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
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TranscriptDelta(@JsonUnwrapped Place place, String delta, Trace sparrow) implements ServerEvent {}

    @JsonTypeName("response.output_text.delta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TextDelta(@JsonUnwrapped Place place, String delta, Trace sparrow) implements ServerEvent {}

    /** A base64 piece of a response's audio. */
    @JsonTypeName("response.output_audio.delta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AudioDelta(
            @JsonUnwrapped Place place,
            String delta,
            @JsonIgnore long ms,
            Trace sparrow) implements ServerEvent {}

    /** The trace of a delta, with one letter per position. */
    record Trace(String trace) {}

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

    /** All arguments of a tool call. A call is sent when it is complete. */
    @JsonTypeName("response.function_call_arguments.delta")
    record ArgumentsDelta(String responseId, String itemId, int outputIndex, String callId, String delta)
            implements ServerEvent {}

    @JsonTypeName("response.function_call_arguments.done")
    record ArgumentsDone(
            String responseId, String itemId, int outputIndex, String callId, String name, String arguments)
            implements ServerEvent {}

    /** The last event of a response. */
    @JsonTypeName("response.done")
    record ResponseDone(ResponseView response) implements ServerEvent {}

    /** Rate limits, which are always empty. */
    @JsonTypeName("rate_limits.updated")
    record RateLimits(List<String> rateLimits) implements ServerEvent {}

    /** The server has begun to send a response's audio. This event and the next event are sent only in calls. */
    @JsonTypeName("output_audio_buffer.started")
    record OutputStarted(String responseId) implements ServerEvent {}

    @JsonTypeName("output_audio_buffer.stopped")
    record OutputStopped(String responseId) implements ServerEvent {}

    @JsonTypeName("output_audio_buffer.cleared")
    record OutputCleared(String responseId) implements ServerEvent {}

    /** An error after which the session continues. */
    @JsonTypeName("error")
    record Failed(Failure error) implements ServerEvent {}

    /** The details of an error. The event id is null unless a client event caused the error. */
    record Failure(@JsonUnwrapped Problem problem, String eventId) {}

    record Conversation(String id, String object) {}

    /** The place of a response's message, which has one part. */
    record Place(String responseId, String itemId, int outputIndex, int contentIndex) {}

    /**
     * A part of a response. Its type is audio or text, whereas the type of an item's content is output_audio or
     * output_text.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Part(String type, String transcript, String text) {
        public static Part of(boolean spoken, String words) {
            return spoken ? new Part("audio", words, null) : new Part("text", null, words);
        }
    }

    /**
     * A response in the form that clients receive.
     *
     * @param statusDetails the reason why the response was incomplete or failed, or null otherwise
     * @param output the items, or an empty list before the end
     * @param conversationId the conversation's id, or null if the response is outside the conversation
     */
    record ResponseView(
            String id,
            String object,
            ResponseState status,
            StatusDetails statusDetails,
            List<Item> output,
            String conversationId,
            List<String> outputModalities,
            Object maxOutputTokens,
            Audio audio,
            Map<String, String> metadata,
            Usage usage) {}

    record Audio(Output output) {}

    record Output(SessionFields.Format format, String voice) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StatusDetails(
            ResponseState type,
            String reason,
            @JsonIgnoreProperties("param") Problem error) {}

    record Usage(
            int totalTokens,
            int inputTokens,
            int outputTokens,
            InputDetails inputTokenDetails,
            OutputDetails outputTokenDetails) {}

    /** The numbers of input tokens. Cached tokens are tokens whose keys and values were cached. */
    record InputDetails(int textTokens, int audioTokens, int cachedTokens) {}

    /** The numbers of generated tokens. */
    record OutputDetails(int textTokens, int audioTokens) {}
}
