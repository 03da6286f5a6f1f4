package sparrow.server.live;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.ItemDraft;

/** The events that a client of GPT-Live may send: a record each, whose components are the keys. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(LiveEvent.Start.class),
    @JsonSubTypes.Type(LiveEvent.Update.class),
    @JsonSubTypes.Type(LiveEvent.AppendAudio.class),
    @JsonSubTypes.Type(LiveEvent.Mute.class),
    @JsonSubTypes.Type(LiveEvent.Unmute.class),
    @JsonSubTypes.Type(LiveEvent.AppendInstructions.class),
    @JsonSubTypes.Type(LiveEvent.AppendThinking.class),
    @JsonSubTypes.Type(LiveEvent.AppendCommentary.class),
    @JsonSubTypes.Type(LiveEvent.CreateItem.class),
    @JsonSubTypes.Type(LiveEvent.CreateResponse.class),
    @JsonSubTypes.Type(LiveEvent.Close.class)
})
sealed interface LiveEvent {
    /** The maximum characters of an appended text: 500 tokens of four characters, and room for longer ones. */
    int LONGEST_TEXT = 8192;

    /** The first event of a session. */
    @JsonTypeName("session.start")
    record Start(LiveSettings session) implements LiveEvent {
        public Start {
            Check.required("session", session);
        }
    }

    @JsonTypeName("session.update")
    record Update(Changes session) implements LiveEvent {
        public Update {
            Check.required("session", session);
        }
    }

    /** The settings that can change; null keeps a setting. */
    record Changes(LiveSettings.Delegation delegation, JsonNode triggers) {
        public Changes {
            LiveSettings.requireNoTriggers(triggers);
        }
    }

    /** Sound in the session's format, in base64. */
    @JsonTypeName("session.input_audio.append")
    record AppendAudio(String audio) implements LiveEvent {
        public AppendAudio {
            Check.required("audio", audio);
        }
    }

    @JsonTypeName("session.input_audio.mute")
    record Mute() implements LiveEvent {}

    @JsonTypeName("session.input_audio.unmute")
    record Unmute() implements LiveEvent {}

    /** Adds a standing instruction. */
    @JsonTypeName("session.instructions.append")
    record AppendInstructions(String content, JsonNode delegationId) implements LiveEvent {
        public AppendInstructions {
            requireText(content, delegationId);
        }
    }

    /** Adds context that is not to be said. */
    @JsonTypeName("session.thinking.append")
    record AppendThinking(String content, JsonNode delegationId) implements LiveEvent {
        public AppendThinking {
            requireText(content, delegationId);
        }
    }

    /** Adds context that the model speaks about at once. */
    @JsonTypeName("session.commentary.append")
    record AppendCommentary(String content, JsonNode delegationId) implements LiveEvent {
        public AppendCommentary {
            requireText(content, delegationId);
        }
    }

    /** Adds an item, such as the output of a tool, for delegation to Responses. */
    @JsonTypeName("response.item.create")
    record CreateItem(ItemDraft item) implements LiveEvent {
        public CreateItem {
            Check.required("item", item);
        }
    }

    /** Requests an answer to the items, for delegation to Responses. */
    @JsonTypeName("response.create")
    record CreateResponse() implements LiveEvent {}

    @JsonTypeName("session.close")
    record Close() implements LiveEvent {}

    /**
     * Reads an event without its id.
     *
     * @throws RefusedException if the type or a field is unknown, or a value is not possible
     */
    static LiveEvent read(ObjectNode object) {
        object.remove(ID);
        return Json.STRICT.read(object, LiveEvent.class);
    }

    /** The key of the id. */
    String ID = "event_id";

    /**
     * Returns the id of an event, or null if it has none.
     *
     * @throws RefusedException if it is no string or too long
     */
    static String id(ObjectNode object) {
        JsonNode id = object.path(ID);
        if (id.isMissingNode() || id.isNull()) return null;
        if (!id.isTextual()) throw RefusedException.value(ID, ID + ": expected a string, got " + Json.shown(id));
        Check.name(ID, id.textValue(), ClientEvent.LONGEST_ID);
        return id.textValue();
    }

    private static void requireText(String content, JsonNode delegationId) {
        Check.required("content", content);
        Check.length("content", content, LONGEST_TEXT);
        if (content.isBlank()) throw RefusedException.value("content", "content: expected some text, got none");
        if (delegationId != null && !delegationId.isNull()) {
            throw RefusedException.value(
                    "delegation_id",
                    "delegation_id: expected null, because no task is delegated to the client; got "
                            + Json.shown(delegationId));
        }
    }
}
