package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Collections;
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
 * The memory for keys and values. A running reply reserves the memory that it may require. Slots between replies keep
 * their memory until a reply needs it; the least recently used slots are then emptied first. Used only by the model's
 * thread.
 */
final class KvMemory {
    /** Maximum number of slots without a conversation, which are kept for requests that begin with the same tokens. */
    private static final int MAX_FREE = 64;

    private final long bytesPerPosition;
    private final int contextLength;
    private final long limit;
    private final Consumer<KvSlot> evicting;

    /** Slots of open conversations. */
    private final List<KvSlot> owned = new ArrayList<>();

    /** Slots without a conversation, each with the tokens of a finished request. */
    private final List<KvSlot> free = new ArrayList<>();

    private final Map<PooledRequest, Long> reservations = new HashMap<>();

    /** Bytes for prompts that are prefilled while their questions are still being spoken. */
    private final Map<KvSlot, Long> early = new HashMap<>();

    /**
     * @param limit the maximum number of bytes
     * @param evicting a consumer that receives a slot before its keys and values are removed
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

    /** Removes the slot of a closed conversation. Its keys and values are removed now, or when its reply is decoded. */
    void remove(KvSlot slot) {
        owned.remove(slot);
        if (!isBusy(slot)) slot.empty();
    }

    private boolean isBusy(KvSlot slot) {
        return reservations.keySet().stream().anyMatch(request -> request.slot() == slot);
    }

    boolean holds(KvSlot slot) {
        return owned.contains(slot);
    }

    /**
     * Checks that the given number of positions can fit.
     *
     * @throws IllegalArgumentException if the positions can never fit
     */
    void requireFit(int positions) {
        if (bytes(positions) > limit) {
            throw new IllegalArgumentException("memory: " + positions + " positions need " + bytes(positions)
                    + " bytes of keys and values; expected at most " + limit);
        }
    }

    /**
     * Reserves memory for a reply. The reply uses its own slot, or the free slot that has the longest prefix in common
     * with it.
     *
     * @param scheduler the scheduler that creates new slots
     * @return the slot, or empty if the reply must wait
     */
    Optional<KvSlot> reserve(PooledRequest request, Scheduler scheduler) {
        KvSlot slot = request.slot() != null
                ? request.slot()
                : freeSlot(request.prompt()).orElse(null);
        long needed = bytes(request.positions(contextLength));
        // A sequence that is truncated keeps its memory for later tokens.
        if (slot != null) needed = Math.clamp(slot.bytes(), needed, limit);
        if (!makeRoom(slot, needed)) return Optional.empty();
        reservations.put(request, needed);
        free.remove(slot);
        return Optional.of(slot != null ? slot : new KvSlot(scheduler));
    }

    /**
     * Reserves memory for a prompt that has not been requested yet, until the prompt is abandoned or a reply needs the
     * memory. Returns whether there was enough memory without emptying another slot.
     */
    boolean prefillEarly(KvSlot slot, int positions) {
        if (reserved() + idle() - idleBytes(slot) + bytes(positions) > limit) return false;
        early.put(slot, bytes(positions));
        return true;
    }

    /**
     * Ends the reservation for an early prompt, which has been prefilled or abandoned. The slot then takes as much
     * memory as it holds.
     */
    void endEarly(KvSlot slot) {
        early.remove(slot);
    }

    /**
     * Ends the reservation of a decoded reply. A slot without a conversation is kept for a request that begins with the
     * same tokens. The slot of a closed conversation is emptied.
     */
    void release(PooledRequest request) {
        if (reservations.remove(request) == null) return;
        KvSlot slot = request.slot();
        if (owned.contains(slot) || slot.sequence() == null) return;
        if (slot.isClosed()) {
            slot.empty();
            return;
        }
        free.add(slot);
        if (free.size() > MAX_FREE) free.remove(oldest(free));
    }

    private Optional<KvSlot> freeSlot(ChatPrompt prompt) {
        // At least half of a slot's tokens must be reusable; otherwise, copying the shared beginning is as fast.
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

    /** Removes a slot's keys and values. A slot without a conversation is dropped. */
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
        return slot == null || isBusy(slot) ? 0 : held(slot);
    }

    private long held(KvSlot slot) {
        return Math.max(slot.bytes(), early.getOrDefault(slot, 0L));
    }

    /**
     * Returns the number of bytes of a cache of the given length. A cache grows in steps, and its last step may be
     * nearly empty.
     */
    private long bytes(int positions) {
        return bytesPerPosition * Math.ceilDiv(positions, KvPanels.MAX_GROWTH) * KvPanels.MAX_GROWTH;
    }

    /** Returns the number of bytes reserved for running replies. */
    long reserved() {
        return reservations.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the number of bytes that slots between replies hold or reserve for early prompts. */
    long idle() {
        return idleSlots().mapToLong(this::held).sum();
    }

    /**
     * Returns whether the memory is in the state that it must have when no reply is decoded and no prompt is prefilled:
     * nothing is reserved, each slot is counted once, and the slots take at most the limit.
     */
    boolean isIdle() {
        return reservations.isEmpty()
                && early.isEmpty()
                && Collections.disjoint(owned, free)
                && free.stream().noneMatch(slot -> slot.sequence() == null)
                && idle() <= limit;
    }

    /** Returns the number of open conversations. */
    int slots() {
        return owned.size();
    }
}
