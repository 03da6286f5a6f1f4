package sparrow.server.realtime.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;

/**
 * A client's changes to the items of its conversation. Each method notifies the client of the change or throws a
 * {@link RefusedException}.
 */
record Items(
        ConversationBackend model,
        History history,
        ItemMaker maker,
        Responses responses,
        Client client,
        SessionObserver observer) {
    /**
     * Creates an item.
     *
     * @param after the id of the item after which the new item is inserted, or null for the end
     * @param turnId the id of the item that the running turn will become
     */
    void create(ItemDraft draft, String after, RealtimeFormat format, Optional<String> turnId) {
        String id = draft.id();
        if (id != null
                && (id.equals(History.ROOT)
                        || turnId.filter(id::equals).isPresent()
                        || history.find(id).isPresent())) {
            throw new RefusedException(
                    "item_create_duplicate_item_id", "item.id", "item.id: expected an unused id, got " + id);
        }
        history.requireRoom(draft.characters());
        if (after != null && !after.equals(History.ROOT)) history.require(after, "previous_item_id");
        Item item = maker.make(draft, "item", format);
        if (item instanceof Item.FunctionOutput output && !history.hasCall(output.callId())) {
            throw RefusedException.value(
                    "item.call_id",
                    "item.call_id: expected a function_call of this conversation, got " + Json.brief(output.callId()));
        }
        if (after == null) history.append(item);
        else history.insert(after, item);
        history.announce(item);
    }

    void retrieve(String id, SessionConfig config) {
        Item item = history.require(id, "item_id");
        RealtimeFormat format = item.isFrom(Item.Role.USER)
                ? config.inputFormat()
                : config.reply().format();
        ObjectNode shown = Json.tree(item);
        for (int i = 0; i < item.parts().size(); i++) {
            ObjectNode part = (ObjectNode) shown.get("content").get(i);
            history.sound()
                    .find(new Content.Key(id, i))
                    .ifPresent(sound -> part.put("audio", KeptAudio.base64(sound, format)));
        }
        client.send(new ServerEvent.ItemRetrieved(shown));
    }

    void delete(String id, Optional<String> name) {
        history.require(id, "item_id");
        if (stops(id)) {
            responses.afterActive(name, () -> delete(id, name));
            return;
        }
        history.delete(id);
    }

    /** Stops the response that is still generating an item. Returns whether there was such a response. */
    private boolean stops(String itemId) {
        Optional<Response> running =
                responses.active().filter(response -> response.itemId().equals(itemId));
        running.ifPresent(response -> responses.stop(response, Response.CancelReason.CLIENT_CANCELLED));
        return running.isPresent();
    }

    /** Truncates a reply to the part that the user heard. */
    void truncate(String id, long audioEndMs, Optional<String> name) {
        Item item = history.find(id)
                .orElseThrow(() -> new RefusedException(
                        "item_truncate_invalid_item_id", "item_id", "item_id: this conversation has no item " + id));
        if (stops(id)) {
            responses.afterActive(name, () -> truncate(id, audioEndMs, name));
            return;
        }
        Content.OutputAudio output = spoken(item)
                .orElseThrow(() -> new RefusedException(
                        "unsupported_content_type",
                        "item_id",
                        "item_id: expected an item of the assistant with audio"));
        if (audioEndMs > output.ms()) {
            throw RefusedException.value(
                    "audio_end_ms",
                    "audio_end_ms: the item has " + output.ms() + " ms of audio, got " + audioEndMs + " ms");
        }
        cut(id, output, audioEndMs);
    }

    /** Truncates a reply to the part that the user heard according to the playback clock. */
    void cutToEstimate(String id, long heardMs) {
        // The item may have been deleted, or the client may have truncated it further.
        history.find(id)
                .flatMap(Items::spoken)
                .filter(output -> heardMs <= output.ms())
                .ifPresent(output -> cut(id, output, heardMs));
    }

    private static Optional<Content.OutputAudio> spoken(Item item) {
        return item.parts().stream()
                .filter(Content.OutputAudio.class::isInstance)
                .map(Content.OutputAudio.class::cast)
                .findFirst();
    }

    private void cut(String id, Content.OutputAudio output, long audioEndMs) {
        if (audioEndMs < output.ms()) {
            List<Unit> units = model.heardPart(output.units(), audioEndMs / 1000.0);
            String transcript = units.size() == output.units().size() ? output.transcript() : model.text(units);
            Content heard = new Content.OutputAudio(transcript, units, audioEndMs);
            history.replace(new Item.Message(id, Item.Role.ASSISTANT, Item.Status.INCOMPLETE, List.of(heard)));
            history.sound().cut(new Content.Key(id, 0), audioEndMs);
            observer.truncated();
        }
        responses.silenced();
        client.send(new ServerEvent.ItemTruncated(id, 0, audioEndMs));
    }
}
