package sparrow.server.realtime.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.TruncationSetting;

/**
 * The items of a conversation, in order, and their audio. Every item may be edited at any time, because the context of
 * a response is built from the items when the response begins.
 */
final class History {
    static final int MAX_ITEMS = 1000;

    /**
     * Maximum number of characters of text in a conversation, and in the input of a response outside the conversation.
     * All of the text must be tokenized.
     */
    static final int MAX_CHARACTERS = 1 << 20;

    /** Marker for the position before the first item, used instead of an item id. */
    static final String ROOT = "root";

    private final KeptAudio sound;
    private final Client client;
    private final List<Item> items = new ArrayList<>();
    private long bytes;

    /** Ids of items that no longer fit into the context. The items remain visible to clients. */
    private final Set<String> forgotten = new HashSet<>();

    /** @param client the client, which is notified of added and deleted items */
    History(KeptAudio sound, Client client) {
        this.sound = sound;
        this.client = client;
    }

    /** Returns the memory of the items in bytes, apart from kept and unencoded audio. */
    long bytes() {
        return bytes;
    }

    KeptAudio sound() {
        return sound;
    }

    Optional<Item> find(String id) {
        return items.stream().filter(item -> item.id().equals(id)).findFirst();
    }

    /**
     * Returns the item with the given id.
     *
     * @throws RefusedException if there is no such item
     */
    Item require(String id, String param) {
        return find(id).orElseThrow(() ->
                new RefusedException("item_not_found", param, param + ": this conversation has no item " + id));
    }

    boolean hasCall(String callId) {
        return items.stream()
                .anyMatch(item ->
                        item instanceof Item.FunctionCall call && call.callId().equals(callId));
    }

    /** Returns the id of the previous item, or null if there is none. */
    String previousOf(String id) {
        int at = indexOf(id);
        return at <= 0 ? null : items.get(at - 1).id();
    }

    /** Returns the id of the last item, or null if there is none. */
    String last() {
        return items.isEmpty() ? null : items.getLast().id();
    }

    /**
     * Checks that another item can be added.
     *
     * @throws RefusedException if there are too many items
     */
    void requireRoom() {
        if (items.size() < MAX_ITEMS) return;
        throw RefusedException.value(null, "conversation: expected at most " + MAX_ITEMS + " items; delete some");
    }

    /**
     * Checks that another item with the given number of characters can be added.
     *
     * @throws RefusedException if there would be too many items or too much text
     */
    void requireRoom(long characters) {
        requireRoom();
        if (characters + items.stream().mapToLong(Item::characters).sum() <= MAX_CHARACTERS) return;
        throw RefusedException.value(
                null, "conversation: expected at most " + MAX_CHARACTERS + " characters of text; delete some items");
    }

    /**
     * Checks that there is room for another item, or that an item may be dropped.
     *
     * @throws RefusedException if there are too many items and none may be dropped
     */
    void requireRoom(TruncationSetting truncation) {
        if (truncation instanceof TruncationSetting.Disabled) requireRoom();
    }

    /**
     * Makes room for a turn or a reply, which clients do not create as items. If there are too many items and
     * truncation is enabled, deletes the oldest completed item that is not from the system.
     */
    void makeRoom(TruncationSetting truncation) {
        if (truncation instanceof TruncationSetting.Disabled || items.size() < MAX_ITEMS) return;
        delete(items.stream()
                .filter(item -> !item.isFrom(Item.Role.SYSTEM))
                .filter(item -> item.status() != Item.Status.IN_PROGRESS)
                .findFirst()
                .orElse(items.getFirst())
                .id());
    }

    void append(Item item) {
        items.add(item);
        bytes += item.bytes();
    }

    /** Inserts an item after the item with the given id, or at {@link #ROOT}. */
    void insert(String after, Item item) {
        items.add(indexOf(after) + 1, item);
        bytes += item.bytes();
    }

    /** Replaces the item with the same id. Does nothing if the item has been deleted. */
    void replace(Item item) {
        int at = indexOf(item.id());
        if (at >= 0) bytes += item.bytes() - items.set(at, item).bytes();
    }

    void delete(String id) {
        int at = indexOf(id);
        if (at >= 0) bytes -= items.remove(at).bytes();
        forgotten.remove(id);
        sound.remove(id);
        client.send(new ServerEvent.ItemDeleted(id));
    }

    /** Notifies the client of a complete item. */
    void announce(Item item) {
        String previous = previousOf(item.id());
        client.send(new ServerEvent.ItemAdded(previous, item));
        client.send(new ServerEvent.ItemDone(previous, item));
    }

    /** Returns the items that belong to the context. */
    List<Item> inContext() {
        return items.stream().filter(item -> !forgotten.contains(item.id())).toList();
    }

    /** Sets the items that belong to the context. */
    void retain(List<Item> context) {
        Map<String, Item> retained = context.stream().collect(Collectors.toMap(Item::id, item -> item));
        items.replaceAll(item -> retained.getOrDefault(item.id(), item));
        for (Item item : items) {
            if (retained.containsKey(item.id()) || !forgotten.add(item.id())) continue;
            for (Content part : item.parts()) if (part instanceof Recording recording) recording.forget();
        }
        bytes = items.stream().mapToLong(Item::bytes).sum();
    }

    /** Returns the index of an item, or -1 if the conversation does not contain it. */
    private int indexOf(String id) {
        for (int i = 0; i < items.size(); i++) if (items.get(i).id().equals(id)) return i;
        return -1;
    }
}
