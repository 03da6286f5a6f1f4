package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sparrow.engine.transformer.Transformer;
import sparrow.models.chat.ChatPrompt;
import sparrow.tensor.kernel.KvPanels;

/**
 * The memory of keys and values. A running reply has reserved as much as it may come to need; slots between replies hold what
 * they hold, and are emptied, the least recently used first, where a reply needs the room. Of the thread of the model.
 */
final class KvMemory {
    /** Slots without a conversation that are kept for one that begins alike. */
    private static final int MAX_FREE = 64;

    private final long bytesPerPosition;
    private final int contextLength;
    private final long limit;
    private final Consumer<KvSlot> evicting;

    /** Slots of open conversations. */
    private final List<KvSlot> owned = new ArrayList<>();

    /** Slots without a conversation, each with the list of a request that is over. */
    private final List<KvSlot> free = new ArrayList<>();

    private final Map<PooledRequest, Long> reservations = new HashMap<>();

    /** Bytes of prompts that are prefilled while their questions are still being said. */
    private final Map<KvSlot, Long> early = new HashMap<>();

    /**
     * @param limit bytes in all
     * @param evicting is notified of a slot that is about to lose what it holds
     */
    KvMemory(Transformer transformer, long limit, Consumer<KvSlot> evicting) {
        this.bytesPerPosition = transformer.kvBytesPerPosition();
        this.contextLength = transformer.config().contextLength();
        this.limit = limit;
        this.evicting = evicting;
    }

    void add(KvSlot slot) {
        owned.add(slot);
    }

    void remove(KvSlot slot) {
        owned.remove(slot);
    }

    boolean holds(KvSlot slot) {
        return owned.contains(slot);
    }

    /** @throws IllegalArgumentException if so many positions never fit */
    void requireFit(int positions) {
        if (bytes(positions) > limit) {
            throw new IllegalArgumentException("memory: " + positions + " positions need " + bytes(positions)
                    + " bytes of keys and values; expected at most " + limit);
        }
    }

    /**
     * Room for a reply, and the slot that it uses: its own, or the free one whose list it continues best.
     *
     * @param scheduler makes new slots
     * @return empty if it must wait
     */
    Optional<KvSlot> reserve(PooledRequest request, Scheduler scheduler) {
        KvSlot slot = request.slot() != null
                ? request.slot()
                : freeSlot(request.prompt()).orElse(null);
        long needed = bytes(request.positions(contextLength));
        // A list that is cut keeps its memory for what comes.
        if (slot != null) needed = Math.clamp(slot.bytes(), needed, limit);
        if (!makeRoom(slot, needed)) return Optional.empty();
        reservations.put(request, needed);
        free.remove(slot);
        return Optional.of(slot != null ? slot : new KvSlot(scheduler));
    }

    /**
     * Room for a prompt that is not asked yet, until it is given up or a reply needs the room.
     *
     * @return true if there is room without emptying another slot
     */
    boolean prefillEarly(KvSlot slot, int positions) {
        if (reserved() + idle() - idleBytes(slot) + bytes(positions) > limit) return false;
        early.put(slot, bytes(positions));
        return true;
    }

    /** The early prompt is prefilled or given up: the slot takes as much as it holds. */
    void endEarly(KvSlot slot) {
        early.remove(slot);
    }

    /** The reply is decoded. A slot without a conversation waits for a chat that begins alike; that of a closed conversation goes. */
    void release(PooledRequest request) {
        if (reservations.remove(request) == null) return;
        KvSlot slot = request.slot();
        if (owned.contains(slot) || slot.isClosed() || slot.sequence() == null) return;
        free.add(slot);
        if (free.size() > MAX_FREE) free.remove(oldest(free));
    }

    private Optional<KvSlot> freeSlot(ChatPrompt prompt) {
        // Of what a slot holds, half or more must serve: less is copied from the shared beginning as fast.
        return free.stream()
                .filter(slot -> 2 * common(slot, prompt) >= slot.sequence().length())
                .max(Comparator.comparingInt(slot -> common(slot, prompt)));
    }

    private static int common(KvSlot slot, ChatPrompt prompt) {
        return slot.sequence() == null ? -1 : slot.sequence().commonPrefix(prompt.ids(), prompt.embeddings());
    }

    private boolean makeRoom(KvSlot slot, long needed) {
        if (reserved() + needed > limit) return false;
        while (reserved() + idle() - idleBytes(slot) + needed > limit) {
            List<KvSlot> others = idleSlots().filter(other -> other != slot).toList();
            if (others.isEmpty()) return false;
            KvSlot victim = oldest(others);
            evicting.accept(victim);
            empty(victim);
        }
        return true;
    }

    /** A slot loses its keys and values; one without a conversation goes with them. */
    void empty(KvSlot slot) {
        slot.empty();
        free.remove(slot);
    }

    private static KvSlot oldest(List<KvSlot> slots) {
        return slots.stream().min(Comparator.comparingLong(KvSlot::lastUsed)).orElseThrow();
    }

    private Stream<KvSlot> idleSlots() {
        List<KvSlot> busy =
                reservations.keySet().stream().map(PooledRequest::slot).toList();
        return Stream.concat(owned.stream(), free.stream())
                .filter(slot -> slot.sequence() != null && !busy.contains(slot));
    }

    private long idleBytes(KvSlot slot) {
        return slot == null || reservations.keySet().stream().anyMatch(request -> request.slot() == slot)
                ? 0
                : held(slot);
    }

    private long held(KvSlot slot) {
        return Math.max(slot.bytes(), early.getOrDefault(slot, 0L));
    }

    /** Returns the bytes of a cache of this length. A cache grows in steps, and the last one may be nearly empty. */
    private long bytes(int positions) {
        return bytesPerPosition * Math.ceilDiv(positions, KvPanels.MAX_GROWTH) * KvPanels.MAX_GROWTH;
    }

    /** Bytes that running replies may need. */
    long reserved() {
        return reservations.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Bytes that slots between replies hold, or will for early prompts. */
    long idle() {
        return idleSlots().mapToLong(this::held).sum();
    }

    /** Open conversations. */
    int slots() {
        return owned.size();
    }
}
