package sparrow.server.message;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The shares of the Java heap that clients can fill. Together, they are smaller than the heap; the model and the server
 * itself use the rest. The counters are of the process, like the heap. Thread-safe.
 */
public enum HeapShare {
    /** Connections and their short messages. Limited by the number of connections, so that nothing is counted. */
    CONNECTIONS(8),
    /** Bytes of long messages that are being received. */
    RECEIVED(6),
    /** Text and JSON values of long messages. */
    PARSED(11),
    /** Recordings in requests, and the synthesis of speech from codes. */
    RECORDINGS(6),
    /** Encoded recordings that later requests may contain again. */
    ENCODED(2),
    /** Replies to which later requests may refer. */
    REPLIES(2),
    /** Audio in sessions. */
    SESSION_AUDIO(6),
    /** Conversations and settings of sessions. */
    SESSION_TEXTS(5),
    /** Settings of client secrets. */
    SECRETS(2),
    /** Messages of calls that wait for their session, and unfinished handshakes. */
    CALLS(3),
    /** Answers that are sent whole, while they are generated and until clients have read them. */
    ANSWERS(2),
    /** Events that clients have not read. Limited by the number of sessions and replies, so that nothing is counted. */
    EVENTS(3);

    /** Denominator of the shares. */
    private static final int PARTS = 64;

    private static volatile boolean exhausted;

    private final int parts;
    private final AtomicLong used = new AtomicLong();

    HeapShare(int parts) {
        this.parts = parts;
    }

    /** Returns the share of this process's heap in bytes. */
    public long limit() {
        return of(Runtime.getRuntime().maxMemory());
    }

    /** Returns the share of a heap of the given size. */
    long of(long heap) {
        return heap / PARTS * parts;
    }

    /** Returns the number of bytes that are in use. */
    public long used() {
        return used.get();
    }

    /** Takes bytes if this share has room for them. Returns whether they were taken. */
    public boolean take(long bytes) {
        long limit = limit();
        long before = used.getAndUpdate(now -> now + bytes <= limit ? now + bytes : now);
        return before + bytes <= limit;
    }

    /** Adds bytes, or removes them if the number is negative. The caller ensures that the limit is not exceeded. */
    public void add(long bytes) {
        used.addAndGet(bytes);
    }

    /** Records an error of the virtual machine. Without memory, no part of the process can be relied on. */
    static void report(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            // A thread that could not be created is also reported as an OutOfMemoryError. There is no memory for a
            // pattern.
            String message = one.getMessage();
            if (one instanceof OutOfMemoryError
                    && message != null
                    && (message.equals("Java heap space") || message.startsWith("GC "))) exhausted = true;
        }
    }

    /** Returns a one-line reason why the process must be started again, or empty while there was memory. */
    public static Optional<String> failure() {
        return exhausted ? Optional.of("out of memory: the heap was exhausted") : Optional.empty();
    }

    /** Forgets an earlier failure. */
    public static void begin() {
        exhausted = false;
    }
}
