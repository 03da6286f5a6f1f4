package sparrow.server.realtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;
import sparrow.server.audio.StrictBase64;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.UnreadableJson;

/** Reads what a client sends. What cannot be read is an event as well, so that the session answers it like every other. */
final class ClientEventReader {
    /** The longest frame, and so the longest string in it: 15 MiB of sound and some room. */
    static final int MOST_CHARACTERS = 21 << 20;

    private static final int MOST_SOUND_BYTES = 15 << 20;
    private static final int DEPTH = 32;
    private static final int LONGEST_ID = 512;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxStringLength(MOST_CHARACTERS)
                            .build())
                    // What did not parse is not repeated in the message.
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private ClientEventReader() {}

    /** The event of a text frame. */
    static ClientEvent.Named read(String frame) {
        JsonNode node;
        try {
            node = JSON.readTree(frame);
        } catch (JsonProcessingException e) {
            return unreadable(Optional.empty(), invalid("expected one JSON object: " + UnreadableJson.words(e)));
        }
        if (!node.isObject()) return unreadable(Optional.empty(), invalid("expected one JSON object"));
        return read(new Fields(node, ""));
    }

    private static RefusedException invalid(String message) {
        return new RefusedException("invalid_json", null, message);
    }

    private static ClientEvent.Named read(Fields event) {
        Optional<String> id = Optional.empty();
        try {
            id = event.name("event_id", LONGEST_ID);
            return new ClientEvent.Named(id, event(event));
        } catch (RefusedException e) {
            return unreadable(id, e);
        }
    }

    private static ClientEvent.Named unreadable(Optional<String> id, RefusedException why) {
        return new ClientEvent.Named(id, new ClientEvent.Unreadable(why));
    }

    private static ClientEvent event(Fields event) {
        String type = event.requiredText("type");
        return switch (type) {
            case "session.update" ->
                new ClientEvent.UpdateSession(only(event, "session").requiredObject("session"));
            case "input_audio_buffer.append" ->
                new ClientEvent.AppendAudio(sound(only(event, "audio").requiredText("audio"), "audio"));
            case "input_audio_buffer.commit" -> nothingElse(event, new ClientEvent.CommitAudio());
            case "input_audio_buffer.clear" -> nothingElse(event, new ClientEvent.ClearAudio());
            case "conversation.item.create" -> {
                only(event, "item", "previous_item_id");
                yield new ClientEvent.CreateItem(
                        ItemReader.read(event.requiredObject("item")), event.name("previous_item_id", LONGEST_ID));
            }
            case "conversation.item.retrieve" -> new ClientEvent.RetrieveItem(itemId(only(event, "item_id")));
            case "conversation.item.delete" -> new ClientEvent.DeleteItem(itemId(only(event, "item_id")));
            case "conversation.item.truncate" -> truncate(only(event, "item_id", "content_index", "audio_end_ms"));
            case "response.create" ->
                new ClientEvent.CreateResponse(only(event, "response")
                        .object("response")
                        .map(ResponseReader::read)
                        .orElse(ResponseWishes.NONE));
            case "response.cancel" ->
                new ClientEvent.CancelResponse(only(event, "response_id").name("response_id", LONGEST_ID));
            case "output_audio_buffer.clear" -> nothingElse(event, new ClientEvent.ClearOutput());
            default ->
                throw new RefusedException(
                        "unknown_event",
                        "type",
                        "unknown event type: " + type.substring(0, Math.min(60, type.length())));
        };
    }

    private static Fields only(Fields event, String... keys) {
        Set<String> all = new java.util.HashSet<>(Set.of(keys));
        all.add("type");
        all.add("event_id");
        return event.allowing(all);
    }

    private static ClientEvent nothingElse(Fields event, ClientEvent read) {
        only(event);
        return read;
    }

    private static String itemId(Fields event) {
        event.required("item_id");
        return event.name("item_id", LONGEST_ID).orElseThrow();
    }

    private static ClientEvent truncate(Fields event) {
        event.required("audio_end_ms");
        event.required("content_index");
        // The only content that there is.
        event.integer("content_index", 0, 0);
        return new ClientEvent.TruncateItem(
                itemId(event),
                event.integer("audio_end_ms", 0, Integer.MAX_VALUE).orElseThrow());
    }

    /** @throws RefusedException if it is not base64, or too much */
    static byte[] sound(String base64, String param) {
        try {
            return StrictBase64.decode(base64, MOST_SOUND_BYTES);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, param + ": " + e.getMessage());
        }
    }
}
