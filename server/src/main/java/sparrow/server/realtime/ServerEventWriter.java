package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sparrow.server.realtime.ServerEvent.Place;

/** Writes events as the protocol has them: the GA names, each required field there. */
final class ServerEventWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ServerEventWriter() {}

    /**
     * The frame of an event.
     *
     * @param eventId its name
     */
    static String write(ServerEvent event, String eventId) {
        ObjectNode node = JSON.objectNode().put("type", type(event)).put("event_id", eventId);
        fill(node, event);
        return node.toString();
    }

    /** The type of an event. */
    static String type(ServerEvent event) {
        return switch (event) {
            case ServerEvent.SessionCreated _ -> "session.created";
            case ServerEvent.SessionUpdated _ -> "session.updated";
            case ServerEvent.ConversationCreated _ -> "conversation.created";
            case ServerEvent.SpeechStarted _ -> "input_audio_buffer.speech_started";
            case ServerEvent.SpeechStopped _ -> "input_audio_buffer.speech_stopped";
            case ServerEvent.AudioCommitted _ -> "input_audio_buffer.committed";
            case ServerEvent.AudioCleared _ -> "input_audio_buffer.cleared";
            case ServerEvent.ItemAdded _ -> "conversation.item.added";
            case ServerEvent.ItemDone _ -> "conversation.item.done";
            case ServerEvent.ItemRetrieved _ -> "conversation.item.retrieved";
            case ServerEvent.ItemDeleted _ -> "conversation.item.deleted";
            case ServerEvent.ItemTruncated _ -> "conversation.item.truncated";
            case ServerEvent.ResponseCreated _ -> "response.created";
            case ServerEvent.OutputItemAdded _ -> "response.output_item.added";
            case ServerEvent.PartAdded _ -> "response.content_part.added";
            case ServerEvent.WordsDelta words -> words(words.modality()) + ".delta";
            case ServerEvent.AudioDelta _ -> "response.output_audio.delta";
            case ServerEvent.AudioDone _ -> "response.output_audio.done";
            case ServerEvent.WordsDone words -> words(words.modality()) + ".done";
            case ServerEvent.PartDone _ -> "response.content_part.done";
            case ServerEvent.OutputItemDone _ -> "response.output_item.done";
            case ServerEvent.ResponseDone _ -> "response.done";
            case ServerEvent.RateLimits _ -> "rate_limits.updated";
            case ServerEvent.OutputCleared _ -> "output_audio_buffer.cleared";
            case ServerEvent.Failed _ -> "error";
        };
    }

    private static String words(OutputModality modality) {
        return switch (modality) {
            case AUDIO -> "response.output_audio_transcript";
            case TEXT -> "response.output_text";
        };
    }

    private static void fill(ObjectNode node, ServerEvent event) {
        switch (event) {
            case ServerEvent.SessionCreated created -> node.set("session", SessionWriter.write(created.session()));
            case ServerEvent.SessionUpdated updated -> node.set("session", SessionWriter.write(updated.session()));
            case ServerEvent.ConversationCreated created ->
                node.putObject("conversation").put("id", created.id()).put("object", "realtime.conversation");
            case ServerEvent.SpeechStarted started ->
                node.put("item_id", started.itemId()).put("audio_start_ms", started.audioStartMs());
            case ServerEvent.SpeechStopped stopped ->
                node.put("item_id", stopped.itemId()).put("audio_end_ms", stopped.audioEndMs());
            case ServerEvent.AudioCommitted committed ->
                node.put("item_id", committed.itemId())
                        .put("previous_item_id", committed.previous().orElse(null));
            case ServerEvent.AudioCleared _ -> {}
            case ServerEvent.ItemAdded added -> item(node, added.item(), added.previous());
            case ServerEvent.ItemDone done -> item(node, done.item(), done.previous());
            case ServerEvent.ItemRetrieved retrieved -> node.set("item", retrieved(retrieved));
            case ServerEvent.ItemDeleted deleted -> node.put("item_id", deleted.itemId());
            case ServerEvent.ItemTruncated truncated ->
                node.put("item_id", truncated.itemId())
                        .put("content_index", 0)
                        .put("audio_end_ms", truncated.audioEndMs());
            case ServerEvent.ResponseCreated created -> node.set("response", ResponseWriter.write(created.response()));
            case ServerEvent.OutputItemAdded added -> outputItem(node, added.responseId(), added.item());
            case ServerEvent.PartAdded added -> place(node, added.place()).set("part", part(added.modality(), ""));
            case ServerEvent.WordsDelta delta ->
                trace(place(node, delta.place()).put("delta", delta.words()), delta.trace());
            case ServerEvent.AudioDelta delta ->
                trace(place(node, delta.place()).put("delta", delta.sound().text()), delta.trace());
            case ServerEvent.AudioDone done -> place(node, done.place());
            case ServerEvent.WordsDone done -> place(node, done.place()).put(wordsKey(done.modality()), done.words());
            case ServerEvent.PartDone done ->
                place(node, done.place()).set("part", part(done.modality(), done.words()));
            case ServerEvent.OutputItemDone done -> outputItem(node, done.responseId(), done.item());
            case ServerEvent.ResponseDone done -> node.set("response", ResponseWriter.write(done.response()));
            case ServerEvent.RateLimits _ -> node.putArray("rate_limits");
            case ServerEvent.OutputCleared cleared -> node.put("response_id", cleared.responseId());
            case ServerEvent.Failed failed -> node.set("error", error(failed));
        }
    }

    private static ObjectNode place(ObjectNode node, Place place) {
        return node.put("response_id", place.responseId())
                .put("item_id", place.itemId())
                .put("output_index", 0)
                .put("content_index", 0);
    }

    private static void trace(ObjectNode node, String trace) {
        if (!trace.isEmpty()) node.putObject("sparrow").put("trace", trace);
    }

    private static String wordsKey(OutputModality modality) {
        return switch (modality) {
            case AUDIO -> "transcript";
            case TEXT -> "text";
        };
    }

    /** A part is called audio or text, where an item's content is called output_audio or output_text. */
    private static ObjectNode part(OutputModality modality, String words) {
        return JSON.objectNode().put("type", modality.wire()).put(wordsKey(modality), words);
    }

    private static void item(ObjectNode node, Item item, Optional<String> previous) {
        node.put("previous_item_id", previous.orElse(null)).set("item", item(item));
    }

    private static void outputItem(ObjectNode node, String responseId, Item item) {
        node.put("response_id", responseId).put("output_index", 0).set("item", item(item));
    }

    /** An item without its sound. */
    static ObjectNode item(Item item) {
        ObjectNode node = JSON.objectNode()
                .put("id", item.id())
                .put("object", "realtime.item")
                .put("type", "message")
                .put("status", item.status().name().toLowerCase(Locale.ROOT))
                .put("role", item.role().name().toLowerCase(Locale.ROOT));
        ArrayNode content = node.putArray("content");
        for (Content part : item.content()) content.add(content(part));
        return node;
    }

    static ArrayNode items(List<Item> items) {
        ArrayNode all = JSON.arrayNode();
        for (Item item : items) all.add(item(item));
        return all;
    }

    private static ObjectNode content(Content content) {
        return switch (content) {
            case Content.InputText text ->
                JSON.objectNode().put("type", "input_text").put("text", text.text());
            case Content.InputAudio _ ->
                JSON.objectNode().put("type", "input_audio").putNull("transcript");
            case Content.OutputText text ->
                JSON.objectNode().put("type", "output_text").put("text", text.text());
            case Content.OutputAudio audio ->
                JSON.objectNode().put("type", "output_audio").put("transcript", audio.transcript());
        };
    }

    private static ObjectNode retrieved(ServerEvent.ItemRetrieved event) {
        ObjectNode item = item(event.item());
        for (Map.Entry<Integer, String> audio : event.audio().entrySet()) {
            JsonNode part = item.get("content").get(audio.getKey());
            ((ObjectNode) part).put("audio", audio.getValue());
        }
        return item;
    }

    private static ObjectNode error(ServerEvent.Failed failed) {
        Problem problem = failed.problem();
        return JSON.objectNode()
                .put("type", problem.type())
                .put("code", problem.code())
                .put("message", problem.message())
                .put("param", problem.param().orElse(null))
                .put("event_id", failed.clientEvent().orElse(null));
    }
}
