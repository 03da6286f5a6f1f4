package sparrow.server.audio;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The messages that wait to be written to one connection. Producers never wait. They should pause while the queue is
 * {@linkplain #isFull full}. A full queue still accepts messages up to twice its limits, because a speech block that is
 * already being decoded must be stored. At twice its limits the queue rejects messages, and the connection should be
 * closed. An empty queue accepts a message of any size. Thread-safe; intended for one consumer thread.
 *
 * @param <T> the type of the messages
 */
public final class SendQueue<T> {
    /** Number of bytes at which a queue is full. */
    public static final long MAX_BYTES = 8 << 20;

    /** Duration of the audio at which a queue is full. */
    public static final Duration MAX_AUDIO = Duration.ofSeconds(60);

    /** A duration longer than any timeout, and within the range of nanoseconds in a long. */
    private static final Duration FOREVER = Duration.ofDays(10_000);

    private record Mail<T>(T message, long bytes, Duration audio) {}

    private final long fullBytes;
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
     * @param onRoom an action that is run without the lock, by the thread that removed messages, when a full queue is
     *     no longer full
     */
    public SendQueue(Runnable onRoom) {
        this(MAX_BYTES, onRoom);
    }

    /**
     * Creates an empty queue that is full at a number of bytes below {@link #MAX_BYTES}, but rejects messages only at
     * the default limits.
     */
    public SendQueue(long fullBytes, Runnable onRoom) {
        this(fullBytes, 2 * MAX_BYTES, MAX_AUDIO, onRoom);
    }

    /**
     * Creates an empty queue.
     *
     * @param fullBytes the number of bytes at which the queue is full
     * @param maxBytes the number of bytes above which messages are rejected
     * @param maxAudio the duration of audio at which the queue is full, and above twice of which messages are rejected
     */
    SendQueue(long fullBytes, long maxBytes, Duration maxAudio, Runnable onRoom) {
        this.fullBytes = fullBytes;
        this.maxBytes = maxBytes;
        this.maxAudio = maxAudio;
        this.onRoom = onRoom;
    }

    /**
     * Adds a message without waiting.
     *
     * @param messageBytes the length of the message on the wire
     * @param messageAudio the duration of the message's audio, or zero for other messages
     * @return whether the message was added; false if the queue is closed or would exceed twice its limits
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
     * Waits for a message, then removes and returns the oldest message. Returns empty once the queue is closed and
     * contains no messages.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<T> take() throws InterruptedException {
        return poll(FOREVER);
    }

    /**
     * Waits a limited time for a message, then removes and returns the oldest message. Returns empty if no message
     * arrived in time, or if the queue is closed and contains no messages.
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

    /** Removes messages that are no longer needed, such as the audio of an interrupted reply. */
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

    /** Closes the queue. Messages can no longer be added, but the remaining messages can still be removed. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Returns whether producers should pause. */
    public synchronized boolean isFull() {
        return bytes >= fullBytes || audio.compareTo(maxAudio) >= 0;
    }

    /** Returns the total number of bytes in the queue. */
    synchronized long bytes() {
        return bytes;
    }

    /** Returns the total duration of the audio in the queue. */
    synchronized Duration audio() {
        return audio;
    }

    private boolean fits(long messageBytes, Duration messageAudio) {
        return bytes + messageBytes <= maxBytes && audio.plus(messageAudio).compareTo(maxAudio.multipliedBy(2)) <= 0;
    }

    private void forget(Mail<T> mail) {
        bytes -= mail.bytes();
        audio = audio.minus(mail.audio());
    }
}
