package sparrow.server.audio;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The entries that wait for one connection's writer. Producers never wait: a {@linkplain #isFull full} queue asks them
 * to pause, and still accepts up to twice its limits, because a block of speech that is being decoded must be stored. A
 * queue at twice its limits rejects entries, and the connection should be closed. An empty queue accepts any message.
 * Thread-safe; meant for one consumer thread.
 *
 * @param <T> a message
 */
public final class SendQueue<T> {
    /** Bytes at which a queue is full. */
    public static final long MAX_BYTES = 8 << 20;

    /** Length of sound at which a queue is full. */
    public static final Duration MAX_AUDIO = Duration.ofSeconds(60);

    /** Longer than any timeout, and within the range of nanoseconds in a long. */
    private static final Duration FOREVER = Duration.ofDays(10_000);

    private record Mail<T>(T message, long bytes, Duration audio) {}

    private final long maxBytes;
    private final Duration maxAudio;
    private final Runnable onRoom;
    private final ArrayDeque<Mail<T>> mails = new ArrayDeque<>();
    private long bytes;
    private Duration audio = Duration.ZERO;
    private boolean closed;

    /**
     * Creates an empty queue with the default limits.
     *
     * @param onRoom called when a full queue is no longer full, by the consumer's thread, without the lock
     */
    public SendQueue(Runnable onRoom) {
        this(MAX_BYTES, MAX_AUDIO, onRoom);
    }

    /** Creates an empty queue that is full at this number of bytes or this length of sound. */
    public SendQueue(long maxBytes, Duration maxAudio, Runnable onRoom) {
        this.maxBytes = maxBytes;
        this.maxAudio = maxAudio;
        this.onRoom = onRoom;
    }

    /**
     * Adds a message without waiting.
     *
     * @param messageBytes its length on the wire
     * @param messageAudio length of its sound, zero for other messages
     * @return whether it was added; false if the queue is closed or at twice its limits
     */
    public synchronized boolean offer(T message, long messageBytes, Duration messageAudio) {
        if (closed || !mails.isEmpty() && !fits(messageBytes, messageAudio)) return false;
        mails.add(new Mail<>(message, messageBytes, messageAudio));
        bytes += messageBytes;
        audio = audio.plus(messageAudio);
        notifyAll();
        return true;
    }

    /**
     * Removes and returns the oldest message, waiting for one. Returns empty once the queue is closed and drained.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<T> take() throws InterruptedException {
        return poll(FOREVER);
    }

    /**
     * Removes and returns the oldest message, waiting up to a time for one. Returns empty if none arrived, or if the
     * queue is closed and drained.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<T> poll(Duration patience) throws InterruptedException {
        boolean room;
        Mail<T> mail;
        synchronized (this) {
            long end = System.nanoTime() + patience.toNanos();
            while (mails.isEmpty() && !closed && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
            if (mails.isEmpty()) return Optional.empty();
            boolean full = isFull();
            mail = mails.remove();
            forget(mail);
            room = full && !isFull();
        }
        if (room) onRoom.run();
        return Optional.of(mail.message());
    }

    /** Removes messages that are no longer needed, such as the sound of an interrupted reply. */
    public void removeIf(Predicate<T> pointless) {
        boolean room;
        synchronized (this) {
            boolean full = isFull();
            mails.removeIf(mail -> {
                boolean gone = pointless.test(mail.message());
                if (gone) forget(mail);
                return gone;
            });
            room = full && !isFull();
        }
        if (room) onRoom.run();
    }

    /** Closes the queue: no message can be added; the remaining ones can still be removed. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Returns true while producers should pause. */
    public synchronized boolean isFull() {
        return bytes >= maxBytes || audio.compareTo(maxAudio) >= 0;
    }

    /** Returns the bytes of all waiting messages. */
    synchronized long bytes() {
        return bytes;
    }

    /** Returns the length of all waiting sound. */
    synchronized Duration audio() {
        return audio;
    }

    private boolean fits(long messageBytes, Duration messageAudio) {
        return bytes + messageBytes <= 2 * maxBytes
                && audio.plus(messageAudio).compareTo(maxAudio.multipliedBy(2)) <= 0;
    }

    private void forget(Mail<T> mail) {
        bytes -= mail.bytes();
        audio = audio.minus(mail.audio());
    }
}
