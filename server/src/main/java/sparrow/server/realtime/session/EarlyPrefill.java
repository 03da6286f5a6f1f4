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
import sparrow.models.family.Tool;
import sparrow.models.pool.KvSlot;
import sparrow.server.audio.Sound;

/**
 * Encodes speech while the user is speaking, and prefills the part that will not change. If the final prompt has a
 * different prefix, only this work is lost.
 */
final class EarlyPrefill {
    private final SpokenModel model;
    private final KvSlot slot;
    private final Executor thread;
    private final AtomicReference<Task> next = new AtomicReference<>();

    /** Number of the current turn, which is incremented when earlier work becomes obsolete. */
    private final AtomicInteger turn = new AtomicInteger();

    /** Number of the turn that was prefilled last. Used only by the encoding thread. */
    private int lastTurn = -1;

    private int lastSize;

    private record Task(
            int turn, Sound soFar, Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier) {}

    EarlyPrefill(SpokenModel model, KvSlot slot, Executor thread) {
        this.model = model;
        this.slot = slot;
        this.thread = thread;
    }

    /** Encodes and prefills a turn. A newer call replaces an earlier call that has not started. */
    void prefillEarly(Sound soFar, Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier) {
        Task before = next.getAndSet(new Task(turn.get(), soFar, instructions, tools, earlier));
        if (before != null) return;
        try {
            thread.execute(this::listen);
        } catch (RejectedExecutionException e) {
            // the server is shutting down
        }
    }

    /** Cancels the work for the current turn. */
    void stop() {
        turn.incrementAndGet();
        next.set(null);
    }

    private void listen() {
        Task task = next.getAndSet(null);
        if (task == null || isOver(task)) return;
        try {
            Optional<Question> settled = model.encodeStablePrefix(task.soFar().waveform());
            if (settled.isEmpty() || isOver(task) || !isNew(task, settled.get())) return;
            slot.prefillEarly(new ChatHistory(task.instructions(), task.tools(), task.earlier(), settled.get()));
        } catch (IllegalArgumentException | IllegalStateException e) {
            // the failure is reported when the complete turn is encoded
        }
    }

    private boolean isOver(Task task) {
        return task.turn() != turn.get();
    }

    private synchronized boolean isNew(Task task, Question settled) {
        int size = switch (settled) {
            case Question.Codes codes -> codes.codes().length;
            case Question.Embeddings vectors ->
                vectors.pieces().stream().mapToInt(piece -> piece.length).sum();
            default -> 0;
        };
        boolean more = task.turn() != lastTurn || size > lastSize;
        lastTurn = task.turn();
        lastSize = size;
        return more;
    }
}
