package sparrow.server.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonAppend;
import java.util.Map;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;

/**
 * The events that the server sends to a client of GPT-Live: a record each, whose components are the keys. Times are in
 * milliseconds since the session began.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonAppend(attrs = @JsonAppend.Attr(value = LiveEvent.ID, include = JsonInclude.Include.NON_NULL), prepend = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface LiveServerEvent {
    /** Returns the event as a frame's text, with an id unless it is sound. */
    default String frame() {
        if (this instanceof OutputAudio) return Json.text(this);
        return Json.text(this, Map.of(LiveEvent.ID, Ids.UNGUESSABLE.next("event_")));
    }

    /** @param sparrow a caution about what the model cannot do; null for none */
    @JsonTypeName("session.started")
    record Started(Session session, String clientEventId, Caution sparrow) implements LiveServerEvent {}

    @JsonTypeName("session.updated")
    record Updated(Session session, String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.closed")
    record Closed(String reason, Session session, Usage usage, String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.output_audio.delta")
    record OutputAudio(String delta) implements LiveServerEvent {}

    @JsonTypeName("session.output_transcript.delta")
    record OutputTranscript(String delta, long startMs, long endMs) implements LiveServerEvent {}

    @JsonTypeName("session.input_transcript.delta")
    record InputTranscript(String delta, long startMs, long endMs) implements LiveServerEvent {}

    @JsonTypeName("session.input_audio.muted")
    record Muted(String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.input_audio.unmuted")
    record Unmuted(String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.instructions.appended")
    record InstructionsAppended(long startMs, long endMs, String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.thinking.appended")
    record ThinkingAppended(long startMs, long endMs, String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.commentary.appended")
    record CommentaryAppended(long startMs, long endMs, String clientEventId) implements LiveServerEvent {}

    @JsonTypeName("session.delegation.created")
    record DelegationCreated(Delegation delegation, long offsetMs) implements LiveServerEvent {}

    /** An event of the Responses API that reports a tool call. */
    @JsonTypeName("response.event")
    record ResponseEvent(JsonNode event, String delegationId) implements LiveServerEvent {}

    @JsonTypeName("session.usage.updated")
    record UsageUpdated(Usage usage, ContextWindow contextWindow) implements LiveServerEvent {}

    @JsonTypeName("error")
    record Failed(Failure error) implements LiveServerEvent {}

    /** @param delegation as the client set it */
    record Session(
            String id,
            String model,
            String status,
            long expiresAt,
            String instructions,
            LiveSettings.Audio audio,
            JsonNode delegation,
            boolean store) {}

    record Caution(String caution) {}

    /** @param seconds since the session began */
    record Usage(double seconds) {}

    /** @param usageRatio tokens of the last reply's context, divided by the length of the model's context */
    record ContextWindow(double usageRatio) {}

    record Delegation(String id, String type, String target, String responseId) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failure(String type, String code, String message, String param, String clientEventId) {}
}
