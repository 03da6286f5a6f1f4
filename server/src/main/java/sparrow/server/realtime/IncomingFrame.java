package sparrow.server.realtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import sparrow.server.message.MessageMemory;

/**
 * Assembles the pieces of a connection's frames, one frame at a time, within the {@link MessageMemory}. A long frame is
 * read only after memory for its bytes has been reserved, and is passed to its receiver only after memory for parsing
 * it has been reserved. If the memory is not available in time, the frame is dropped. Pieces must be added one at a
 * time, and {@link #take} must be called after the last piece of a frame. {@link #close} may be called at any time.
 */
final class IncomingFrame {
    /** Minimum number of characters in a chunk, because clients may send pieces of a single byte. */
    private static final int CHUNK = 64 << 10;

    /** Time before the rate is checked, as for an HTTP body. */
    private static final Duration UNHURRIED = Duration.ofSeconds(10);

    /**
     * Minimum average rate of a long frame in bytes per second, measured from the time at which it received memory.
     * Other frames may be waiting for that memory.
     */
    private static final int MIN_RATE = 32 << 10;

    private final MessageMemory memory;
    private final Duration patience;
    private final int maxBytes;
    private final Receiver receiver;

    private final List<String> chunks = new ArrayList<>();
    private final StringBuilder tail = new StringBuilder();
    private boolean dropping;

    // These fields are also read by other threads.
    private volatile long bytes;
    private volatile CompletableFuture<MessageMemory.Share> received;
    private volatile CompletableFuture<MessageMemory.Share> understood;

    /** Time at which memory was assigned to the long frame that is being read, or 0 if no long frame is being read. */
    private volatile long readingSince;

    /** Receives notifications about a connection's frames, on any thread. */
    interface Receiver {
        /** Requests the next piece. */
        void more();

        /**
         * Called when the frame is complete, dropped or too long. If it was dropped or is too long, {@link #take}
         * returns only a part of the text or no text.
         */
        void whole(Outcome outcome);
    }

    /** The result of reading a frame. */
    enum Outcome {
        SHORT,
        LONG,
        DROPPED,
        TOO_LONG
    }

    /**
     * Creates a reader for a connection's frames.
     *
     * @param patience the maximum time for which a long frame waits for memory
     * @param maxBytes the maximum length of a frame
     */
    IncomingFrame(MessageMemory memory, Duration patience, int maxBytes, Receiver receiver) {
        this.memory = memory;
        this.patience = patience;
        this.maxBytes = Math.min(maxBytes, memory.maxBytes());
        this.receiver = receiver;
    }

    /** Adds the next piece, and notifies the receiver once, during this call or later. */
    void add(String piece, boolean last) {
        long count = bytes + piece.getBytes(StandardCharsets.UTF_8).length;
        bytes = count;
        if (count > maxBytes) {
            readingSince = 0;
            drop();
            receiver.whole(Outcome.TOO_LONG);
            return;
        }
        if (!dropping) append(piece);
        if (last) end();
        else if (count > memory.shortBytes() && received == null) waitForRoom();
        else receiver.more();
    }

    private void append(String piece) {
        tail.append(piece);
        if (tail.length() < CHUNK) return;
        chunks.add(tail.toString());
        tail.setLength(0);
    }

    private void waitForRoom() {
        received = memory.receive(maxBytes, patience);
        received.whenComplete((_, failure) -> {
            if (failure == null) readingSince = Math.max(1, System.nanoTime());
            else drop();
            receiver.more();
        });
    }

    private void drop() {
        dropping = true;
        chunks.clear();
        tail.setLength(0);
    }

    private void end() {
        readingSince = 0;
        if (dropping || received == null) {
            receiver.whole(dropping ? Outcome.DROPPED : Outcome.SHORT);
            return;
        }
        understood = memory.understand(bytes, patience);
        understood.whenComplete((_, failure) -> {
            if (failure != null) drop();
            receiver.whole(failure == null ? Outcome.LONG : Outcome.DROPPED);
        });
    }

    /**
     * Returns the text of the complete frame and begins the next frame. The complete frame's memory remains reserved
     * until {@link #close}.
     */
    String take() {
        if (!tail.isEmpty()) chunks.add(tail.toString());
        String text = String.join("", chunks);
        drop();
        dropping = false;
        bytes = 0;
        return text;
    }

    /** Returns whether the frame is waiting for memory. */
    boolean isWaiting() {
        return isPending(received) || isPending(understood);
    }

    private static boolean isPending(CompletableFuture<?> room) {
        return room != null && !room.isDone();
    }

    /** Returns whether a long frame arrives too slowly. Other frames may be waiting for its memory. */
    boolean isSlow(long now) {
        long since = readingSince;
        long nanos = now - since;
        return since != 0
                && nanos > UNHURRIED.toNanos()
                && (bytes - memory.shortBytes()) * 1e9 < (double) nanos * MIN_RATE;
    }

    /** Releases the memory of the frame, or stops waiting for it. */
    void close() {
        readingSince = 0;
        close(received);
        close(understood);
        received = null;
        understood = null;
    }

    private static void close(CompletableFuture<MessageMemory.Share> room) {
        if (room != null && !room.cancel(false)) {
            room.whenComplete((share, _) -> {
                if (share != null) share.close();
            });
        }
    }
}
