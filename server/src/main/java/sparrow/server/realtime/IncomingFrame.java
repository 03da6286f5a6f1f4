package sparrow.server.realtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import sparrow.server.message.MessageMemory;

/**
 * Assembles the pieces of a connection's frames, one frame after the other, within the {@link MessageMemory}. A long
 * frame is read only once there is room for its bytes, and passed to its receiver only once there is room for parsing
 * it. If there is no room in time, its bytes are dropped. Pieces arrive one at a time; {@link #take} follows the last
 * piece of a frame, and {@link #close} may be called at any time.
 */
final class IncomingFrame {
    /** Clients may send pieces of a single byte. */
    private static final int CHUNK = 64 << 10;

    /** Time before the rate is checked, as for an HTTP body. */
    private static final Duration UNHURRIED = Duration.ofSeconds(10);

    /** Minimum average rate of a long frame, bytes a second since it was given memory: others wait for that memory. */
    private static final int MIN_RATE = 32 << 10;

    private final MessageMemory memory;
    private final Duration patience;
    private final int maxBytes;
    private final Receiver receiver;

    private final List<String> chunks = new ArrayList<>();
    private final StringBuilder tail = new StringBuilder();
    private boolean dropping;

    // Read by other threads as well.
    private volatile long bytes;
    private volatile CompletableFuture<MessageMemory.Share> received;
    private volatile CompletableFuture<MessageMemory.Share> understood;

    /** Time at which a long frame was given memory, while it is being read; otherwise 0. */
    private volatile long readingSince;

    /** Is notified about frames, on any thread. */
    interface Receiver {
        /** Requests the next piece. */
        void more();

        /**
         * Called when the frame is complete, dropped or too long; in the latter cases {@link #take} returns at most a
         * part of the text.
         */
        void whole(Outcome outcome);
    }

    /** The end of a frame. */
    enum Outcome {
        SHORT,
        LONG,
        DROPPED,
        TOO_LONG
    }

    /**
     * @param patience maximum wait of a long frame for memory
     * @param maxBytes maximum length of a frame
     */
    IncomingFrame(MessageMemory memory, Duration patience, int maxBytes, Receiver receiver) {
        this.memory = memory;
        this.patience = patience;
        this.maxBytes = maxBytes;
        this.receiver = receiver;
    }

    /** Adds the next piece, and notifies the receiver once, now or later. */
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
     * Returns the text of the complete frame and begins the next one. Its memory remains reserved until {@link #close}.
     */
    String take() {
        if (!tail.isEmpty()) chunks.add(tail.toString());
        String text = String.join("", chunks);
        drop();
        dropping = false;
        bytes = 0;
        return text;
    }

    /** Returns true while the frame waits for memory. */
    boolean isWaiting() {
        return isPending(received) || isPending(understood);
    }

    private static boolean isPending(CompletableFuture<?> room) {
        return room != null && !room.isDone();
    }

    /** Returns true if a long frame arrives too slowly for others that wait for its memory. */
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
