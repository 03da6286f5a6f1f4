package sparrow.server.live;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.ItemDraft;

/** The events that a GPT-Live client may send. The records' components are the JSON keys. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LiveEvent.Start.class, name = "session.start"),
    @JsonSubTypes.Type(value = LiveEvent.Update.class, name = "session.update"),
    @JsonSubTypes.Type(value = LiveEvent.AppendAudio.class, name = "session.input_audio.append"),
    @JsonSubTypes.Type(
            value = LiveEvent.Mute.class,
            names = {"session.input_audio.mute", "session.input_audio.unmute"}),
    @JsonSubTypes.Type(
            value = LiveEvent.AppendText.class,
            names = {"session.instructions.append", "session.thinking.append", "session.commentary.append"}),
    @JsonSubTypes.Type(value = LiveEvent.CreateItem.class, name = "response.item.create"),
    @JsonSubTypes.Type(value = LiveEvent.CreateResponse.class, name = "response.create"),
    @JsonSubTypes.Type(value = LiveEvent.Close.class, name = "session.close")
})
sealed interface LiveEvent {
    /** The first event of a session. */
    record Start(LiveSettings session) implements LiveEvent {
        public Start {
            Check.required("session", session);
        }
    }

    record Update(Changes session) implements LiveEvent {
        public Update {
            Check.required("session", session);
        }
    }

    /** The settings that can change. A null component leaves its setting unchanged. */
    record Changes(LiveSettings.Delegation delegation) {}

    /** Base64-encoded audio in the session's format. */
    record AppendAudio(String audio) implements LiveEvent {
        public AppendAudio {
            Check.required("audio", audio);
        }
    }

    record Mute() implements LiveEvent {}

    /** Text for the model. The event's type specifies how the model uses it. */
    record AppendText(String content, JsonNode delegationId) implements LiveEvent {
        /** Maximum number of characters, which corresponds to OpenAI's 500 tokens with room for long tokens. */
        private static final int MAX_CHARACTERS = 8192;

        public AppendText {
            Check.length("content", Check.required("content", content), MAX_CHARACTERS);
            if (content.isBlank()) throw RefusedException.value("content", "content: expected some text, got none");
            if (delegationId != null && !delegationId.isNull()) {
                throw RefusedException.value(
                        "delegation_id",
                        "delegation_id: expected null, because no task is delegated to the client; got "
                                + Json.shown(delegationId));
            }
        }
    }

    /** Adds an item such as a tool output. Requires delegation to {@code responses}. */
    record CreateItem(ItemDraft item) implements LiveEvent {
        public CreateItem {
            Check.required("item", item);
        }
    }

    /** Requests a response to the items. Requires delegation to {@code responses}. */
    record CreateResponse() implements LiveEvent {}

    record Close() implements LiveEvent {}
}
