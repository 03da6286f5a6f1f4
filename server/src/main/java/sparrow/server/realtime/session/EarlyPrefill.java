package sparrow.server.realtime.session;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.pool.KvSlot;
import sparrow.server.audio.Sound;

/**
 * Listens while the user speaks, and lets the pool prefill the settled part. If it turns out otherwise, the prompt that is asked in
 * the end has another prefix, and nothing but this work is lost.
 */
final class EarlyPrefill {
    private final SpokenModel model;
    private final KvSlot slot;
    private final Executor thread;
    private final AtomicReference<Task> next = new AtomicReference<>();

    /** Counts what makes earlier expectations pointless. */
    private final AtomicInteger turn = new AtomicInteger();

    /** Of the thread: what was expected last. */
    private int lastTurn = -1;

    private int lastCodes;

    private record Task(int turn, Sound soFar, Optional<String> instructions, List<ChatTurn> earlier) {}

    EarlyPrefill(SpokenModel model, KvSlot slot, Executor thread) {
        this.model = model;
        this.slot = slot;
        this.thread = thread;
    }

    /** Takes the place of one that has not begun. */
    void prefillEarly(Sound soFar, Optional<String> instructions, List<ChatTurn> earlier) {
        Task before = next.getAndSet(new Task(turn.get(), soFar, instructions, earlier));
        if (before != null) return;
        try {
            thread.execute(this::listen);
        } catch (RejectedExecutionException e) {
            // The server is shutting down.
        }
    }

    /** Nothing is to be expected any more of what was being said. */
    void stop() {
        turn.incrementAndGet();
        next.set(null);
    }

    private void listen() {
        Task task = next.getAndSet(null);
        if (task == null || isOver(task)) return;
        try {
            Optional<Question.Codes> settled =
                    model.encodeStablePrefix(task.soFar().waveform());
            if (settled.isEmpty() || isOver(task) || !isNew(task, settled.get())) return;
            slot.prefillEarly(new ChatHistory(task.instructions(), task.earlier(), settled.get()));
        } catch (IllegalArgumentException | IllegalStateException e) {
            // The turn itself will tell of it.
        }
    }

    private boolean isOver(Task task) {
        return task.turn() != turn.get();
    }

    private synchronized boolean isNew(Task task, Question.Codes settled) {
        boolean more = task.turn() != lastTurn || settled.codes().length > lastCodes;
        lastTurn = task.turn();
        lastCodes = settled.codes().length;
        return more;
    }
}
