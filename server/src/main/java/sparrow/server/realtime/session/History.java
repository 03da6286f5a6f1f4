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
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.TruncationSetting;

/**
 * The items of a conversation, in order, and their sound. The context of a response is made of them when the response begins, so
 * everything may be edited at any time.
 */
final class History {
    static final int MOST_ITEMS = 1000;

    /** Of the texts of a conversation, and of those that a response follows beside it: tokens are made of all. */
    static final int MOST_CHARACTERS = 1 << 20;

    /** In place of an id: before all items. */
    static final String ROOT = "root";

    private final KeptAudio sound;
    private final Client client;
    private final List<Item> items = new ArrayList<>();

    /** Items that no longer fit the context; they stay visible. */
    private final Set<String> forgotten = new HashSet<>();

    /** @param client hears of items that are added and deleted */
    History(KeptAudio sound, Client client) {
        this.sound = sound;
        this.client = client;
    }

    KeptAudio sound() {
        return sound;
    }

    Optional<Item> find(String id) {
        return items.stream().filter(item -> item.id().equals(id)).findFirst();
    }

    /** @throws RefusedException if there is none of that name */
    Item require(String id, String param) {
        return find(id).orElseThrow(() -> new RefusedException(
                "item_not_found", param, param + ": no item of this conversation is called " + id));
    }

    boolean hasCall(String callId) {
        return items.stream()
                .anyMatch(item ->
                        item instanceof Item.FunctionCall call && call.callId().equals(callId));
    }

    /** The id of the item before one; null if there is none. */
    String previousOf(String id) {
        int at = indexOf(id);
        return at <= 0 ? null : items.get(at - 1).id();
    }

    /** The id of the last item; null if there is none. */
    String last() {
        return items.isEmpty() ? null : items.getLast().id();
    }

    /** @throws RefusedException if there are too many */
    void requireRoom() {
        if (items.size() < MOST_ITEMS) return;
        throw RefusedException.value(null, "conversation: expected at most " + MOST_ITEMS + " items; delete some");
    }

    /** @throws RefusedException if there are too many items, or too much text with so many characters more */
    void requireRoom(long characters) {
        requireRoom();
        if (characters + items.stream().mapToLong(Item::characters).sum() <= MOST_CHARACTERS) return;
        throw RefusedException.value(
                null, "conversation: expected at most " + MOST_CHARACTERS + " characters of text; delete some items");
    }

    /** @throws RefusedException if there are too many, and none may be dropped for another */
    void requireRoom(TruncationSetting truncation) {
        if (truncation instanceof TruncationSetting.Disabled) requireRoom();
    }

    /**
     * Makes room for a turn or a reply, of which no client asks before: if there are too many items, the oldest is deleted that is
     * neither the system's nor still being made; none if none may be dropped.
     */
    void makeRoom(TruncationSetting truncation) {
        if (truncation instanceof TruncationSetting.Disabled || items.size() < MOST_ITEMS) return;
        delete(items.stream()
                .filter(item -> !item.isFrom(Item.Role.SYSTEM))
                .filter(item -> item.status() != Item.Status.IN_PROGRESS)
                .findFirst()
                .orElse(items.getFirst())
                .id());
    }

    void append(Item item) {
        items.add(item);
    }

    /** @param after the id of the item after which it is inserted, or {@link #ROOT} */
    void insert(String after, Item item) {
        items.add(indexOf(after) + 1, item);
    }

    /** Puts an item in place of the one of the same name; nothing if that is gone. */
    void replace(Item item) {
        int at = indexOf(item.id());
        if (at >= 0) items.set(at, item);
    }

    void delete(String id) {
        items.removeIf(item -> item.id().equals(id));
        forgotten.remove(id);
        sound.remove(id);
        client.send(new ServerEvent.ItemDeleted(id));
    }

    /** Tells of an item that is there, all of it. */
    void announce(Item item) {
        String previous = previousOf(item.id());
        client.send(new ServerEvent.ItemAdded(previous, item));
        client.send(new ServerEvent.ItemDone(previous, item));
    }

    /** The items that a response follows. */
    List<Item> inContext() {
        return items.stream().filter(item -> !forgotten.contains(item.id())).toList();
    }

    /** These alone, as they are here, belong to the context from now on. */
    void retain(List<Item> context) {
        Map<String, Item> retained = context.stream().collect(Collectors.toMap(Item::id, item -> item));
        items.replaceAll(item -> retained.getOrDefault(item.id(), item));
        items.stream().map(Item::id).filter(id -> !retained.containsKey(id)).forEach(forgotten::add);
    }

    /** The place of an item; -1 if there is none. */
    private int indexOf(String id) {
        for (int i = 0; i < items.size(); i++) if (items.get(i).id().equals(id)) return i;
        return -1;
    }
}
