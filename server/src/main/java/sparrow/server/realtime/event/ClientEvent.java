package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import sparrow.server.audio.StrictBase64;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** The events that a client may send. Each event is a record, whose components are the event's keys. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ClientEvent.UpdateSession.class),
    @JsonSubTypes.Type(ClientEvent.AppendAudio.class),
    @JsonSubTypes.Type(ClientEvent.CommitAudio.class),
    @JsonSubTypes.Type(ClientEvent.ClearAudio.class),
    @JsonSubTypes.Type(ClientEvent.CreateItem.class),
    @JsonSubTypes.Type(ClientEvent.RetrieveItem.class),
    @JsonSubTypes.Type(ClientEvent.DeleteItem.class),
    @JsonSubTypes.Type(ClientEvent.TruncateItem.class),
    @JsonSubTypes.Type(ClientEvent.CreateResponse.class),
    @JsonSubTypes.Type(ClientEvent.CancelResponse.class),
    @JsonSubTypes.Type(ClientEvent.ClearOutput.class)
})
public sealed interface ClientEvent {
    /**
     * Maximum length of a frame, and therefore of a string in it. It allows for 15 MiB of audio in base64 and the rest
     * of the event.
     */
    int MAX_BYTES = 21 << 20;

    int MAX_SOUND_BYTES = 15 << 20;

    int MAX_ID_CHARACTERS = 512;

    /** Changes the settings whose keys are present. */
    @JsonTypeName("session.update")
    record UpdateSession(SessionFields session) implements ClientEvent {
        public UpdateSession {
            Check.required("session", session);
        }
    }

    /** Adds audio in the session's input format to the buffer. */
    @JsonTypeName("input_audio_buffer.append")
    record AppendAudio(String audio) implements ClientEvent {
        public AppendAudio {
            Check.required("audio", audio);
        }
    }

    @JsonTypeName("input_audio_buffer.commit")
    record CommitAudio() implements ClientEvent {}

    @JsonTypeName("input_audio_buffer.clear")
    record ClearAudio() implements ClientEvent {}

    /**
     * Inserts an item after another item. The previous item's id is {@code root} for the beginning, and null for the
     * end.
     */
    @JsonTypeName("conversation.item.create")
    record CreateItem(ItemDraft item, String previousItemId) implements ClientEvent {
        public CreateItem {
            Check.required("item", item).requireContent("item");
            Check.name("previous_item_id", previousItemId, MAX_ID_CHARACTERS);
        }
    }

    @JsonTypeName("conversation.item.retrieve")
    record RetrieveItem(String itemId) implements ClientEvent {
        public RetrieveItem {
            requireId(itemId);
        }
    }

    @JsonTypeName("conversation.item.delete")
    record DeleteItem(String itemId) implements ClientEvent {
        public DeleteItem {
            requireId(itemId);
        }
    }

    /** Truncates an item to the part that the user heard. */
    @JsonTypeName("conversation.item.truncate")
    record TruncateItem(String itemId, Number contentIndex, Number audioEndMs) implements ClientEvent {
        public TruncateItem {
            Check.required("audio_end_ms", audioEndMs);
            Check.required("content_index", contentIndex);
            // Each message has only one part.
            Check.whole("content_index", contentIndex, 0, 0);
            requireId(itemId);
            Check.whole("audio_end_ms", audioEndMs, 0, Integer.MAX_VALUE);
        }
    }

    @JsonTypeName("response.create")
    record CreateResponse(ResponseFields response) implements ClientEvent {
        public CreateResponse {
            if (response == null) response = ResponseFields.NONE;
        }
    }

    /** Cancels a response. A null id means the conversation's response. */
    @JsonTypeName("response.cancel")
    record CancelResponse(String responseId) implements ClientEvent {
        public CancelResponse {
            Check.name("response_id", responseId, MAX_ID_CHARACTERS);
        }
    }

    /** Clears the client's audio output. */
    @JsonTypeName("output_audio_buffer.clear")
    record ClearOutput() implements ClientEvent {}

    /** Replaces all settings. Only protocols other than Realtime use this event. */
    record Configure(SessionConfig config) implements ClientEvent {}

    /**
     * A frame that is not a valid event. It is passed to the session as an event, so that errors are reported in order.
     */
    record Unreadable(RefusedException why) implements ClientEvent {}

    /**
     * An event with its id.
     *
     * @param id the id chosen by the client, which is included in errors
     * @param settings the session settings that the event would change
     */
    record Named(Optional<String> id, ClientEvent event, List<String> settings) {
        /** Returns the event for a frame that could not be read. */
        public static Named unread(RefusedException why) {
            return new Named(Optional.empty(), new Unreadable(why), List.of());
        }
    }

    /** Returns whether an event may be sent in a call, whose audio has a fixed format. */
    static boolean isForCalls(ClientEvent event) {
        return switch (event) {
            case UpdateSession(SessionFields session) ->
                SessionFields.Format.isPcm(session.input().format())
                        && SessionFields.Format.isPcm(session.output().format());
            case CreateResponse(ResponseFields response) ->
                SessionFields.Format.isPcm(response.output().format());
            default -> true;
        };
    }

    static Named read(String frame) {
        Optional<String> id = Optional.empty();
        List<String> settings = List.of();
        try {
            ObjectNode object = Json.object(frame);
            if (object.path("type").asText().equals("session.update")) {
                settings = SessionFields.names(object.path("session"));
            }
            id = Optional.ofNullable(id(object.remove("event_id")));
            return new Named(id, Json.STRICT.read(object, ClientEvent.class), settings);
        } catch (RefusedException e) {
            return new Named(id, new Unreadable(e), settings);
        }
    }

    /** Checks an event's id and returns it. Returns null if the event has no id. */
    static String id(JsonNode id) {
        if (id == null || id.isNull()) return null;
        if (!id.isTextual()) {
            throw RefusedException.value("event_id", "event_id: expected a string, got " + Json.shown(id));
        }
        Check.name("event_id", id.textValue(), MAX_ID_CHARACTERS);
        return id.textValue();
    }

    private static void requireId(String itemId) {
        Check.required("item_id", itemId);
        Check.name("item_id", itemId, MAX_ID_CHARACTERS);
    }

    /**
     * Decodes audio.
     *
     * @throws RefusedException if the text is not base64 or is too long
     */
    static byte[] sound(String base64, String param) {
        try {
            return StrictBase64.decode(base64, MAX_SOUND_BYTES);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, param + ": " + e.getMessage());
        }
    }
}
