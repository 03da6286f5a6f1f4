package sparrow.server.realtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import sparrow.server.message.MessageMemory;

/**
 * Puts the pieces of a connection's frames together, one frame after the other, within the {@link MessageMemory}: a long frame is read on
 * once there is room for it, and given to its receiver once there is room to understand it. Without room in time its bytes are dropped.
 * Pieces come one at a time; {@link #take} follows the last of a frame, and {@link #close} may be called at any time.
 */
final class IncomingFrame {
    /** Clients may send a byte a piece. */
    private static final int CHUNK = 64 << 10;

    /** As long as a body over HTTP may take without a look at its rate. */
    private static final Duration UNHURRIED = Duration.ofSeconds(10);

    /** Bytes a second of a long frame, on average since it took room: others wait for the room. */
    private static final int LEAST_RATE = 32 << 10;

    private final MessageMemory memory;
    private final Duration patience;
    private final int mostBytes;
    private final Receiver receiver;

    private final List<String> chunks = new ArrayList<>();
    private final StringBuilder tail = new StringBuilder();
    private boolean dropping;

    // Of every thread.
    private volatile long bytes;
    private volatile CompletableFuture<MessageMemory.Share> received;
    private volatile CompletableFuture<MessageMemory.Share> understood;

    /** When a long frame took room, while it is being read; else 0. */
    private volatile long readingSince;

    /** Hears what becomes of a frame, on any thread. */
    interface Receiver {
        /** The next piece is wanted. */
        void more();

        /** The frame is whole, or was dropped, or is too long; then {@link #take} has no text, or some of it. */
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
     * @param patience with which a long frame waits for room
     * @param mostBytes of a frame
     */
    IncomingFrame(MessageMemory memory, Duration patience, int mostBytes, Receiver receiver) {
        this.memory = memory;
        this.patience = patience;
        this.mostBytes = mostBytes;
        this.receiver = receiver;
    }

    /** Takes the next piece, and notifies the receiver once, now or later. */
    void add(String piece, boolean last) {
        long count = bytes + piece.getBytes(StandardCharsets.UTF_8).length;
        bytes = count;
        if (count > mostBytes) {
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
        received = memory.receive(mostBytes, patience);
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

    /** The text of the frame that is whole; the next one begins. Its room stays taken until {@link #close}. */
    String take() {
        if (!tail.isEmpty()) chunks.add(tail.toString());
        String text = String.join("", chunks);
        drop();
        dropping = false;
        bytes = 0;
        return text;
    }

    /** True while it is not read on because there is no room. */
    boolean isWaiting() {
        return isPending(received) || isPending(understood);
    }

    private static boolean isPending(CompletableFuture<?> room) {
        return room != null && !room.isDone();
    }

    /** True if a long frame comes so slowly that others wait for its room too long. */
    boolean isSlow(long now) {
        long since = readingSince;
        long nanos = now - since;
        return since != 0
                && nanos > UNHURRIED.toNanos()
                && (bytes - memory.shortBytes()) * 1e9 < (double) nanos * LEAST_RATE;
    }

    /** Gives the room of the frame back, or waits for it no longer. */
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
