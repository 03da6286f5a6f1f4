package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sparrow.server.reply.RefusedException;

/**
 * The items of a conversation, in order. What a response follows is made of it when the response begins, so everything may
 * be edited at any time.
 */
final class History {
    /** The most items. */
    static final int MOST_ITEMS = 1000;

    /** In place of an id: in front of all. */
    static final String ROOT = "root";

    private final List<Item> items = new ArrayList<>();

    /** Items that no longer fit the context; they stay visible. */
    private final Set<String> forgotten = new HashSet<>();

    Optional<Item> find(String id) {
        return items.stream().filter(item -> item.id().equals(id)).findFirst();
    }

    /** @throws RefusedException if there is none of that name */
    Item require(String id, String param) {
        return find(id).orElseThrow(() -> notFound(id, param));
    }

    private static RefusedException notFound(String id, String param) {
        return new RefusedException("item_not_found", param, param + ": no item of this conversation is called " + id);
    }

    /** True if there is a call of this name. */
    boolean hasCall(String callId) {
        return items.stream()
                .anyMatch(item ->
                        item instanceof Item.FunctionCall call && call.callId().equals(callId));
    }

    /** Which item stands in front of one. */
    Optional<String> previousOf(String id) {
        int at = indexOf(id);
        return at <= 0 ? Optional.empty() : Optional.of(items.get(at - 1).id());
    }

    Optional<String> last() {
        return items.isEmpty() ? Optional.empty() : Optional.of(items.getLast().id());
    }

    /** @throws RefusedException if there are too many */
    void requireRoom() {
        if (items.size() < MOST_ITEMS) return;
        throw RefusedException.value(null, "conversation: expected at most " + MOST_ITEMS + " items; delete some");
    }

    /** The item to be dropped before there is room for one more: the oldest that is neither the system's nor still being made. */
    Optional<String> excess() {
        if (items.size() < MOST_ITEMS) return Optional.empty();
        return items.stream()
                .filter(item -> !item.isFrom(Item.Role.SYSTEM))
                .filter(item -> item.status() != Item.Status.IN_PROGRESS)
                .findFirst()
                .or(() -> Optional.of(items.getFirst()))
                .map(Item::id);
    }

    void append(Item item) {
        items.add(item);
    }

    /**
     * Puts an item behind another one.
     *
     * @param after its id, or {@link #ROOT}
     * @throws RefusedException if there is none of that name
     */
    void insert(String after, String param, Item item) {
        if (after.equals(ROOT)) {
            items.addFirst(item);
            return;
        }
        int at = indexOf(after);
        if (at < 0) throw notFound(after, param);
        items.add(at + 1, item);
    }

    /** Puts an item in place of the one of the same name; nothing if that is gone. */
    void replace(Item item) {
        int at = indexOf(item.id());
        if (at >= 0) items.set(at, item);
    }

    void remove(String id) {
        items.removeIf(item -> item.id().equals(id));
        forgotten.remove(id);
    }

    /** The items that a response follows. */
    List<Item> inContext() {
        return items.stream().filter(item -> !forgotten.contains(item.id())).toList();
    }

    /** These no longer belong to the context. */
    void forget(Collection<String> ids) {
        forgotten.addAll(ids);
    }

    private int indexOf(String id) {
        for (int i = 0; i < items.size(); i++) if (items.get(i).id().equals(id)) return i;
        return -1;
    }
}
