package sparrow.server.audio;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The entries that wait for one connection's writer. Those who put something in never wait: a box that is {@linkplain #isFull full} asks its
 * producers to pause, and still takes up to twice as much, because a block of speech in the making has to go somewhere. Beyond
 * that it refuses, and the connection should be closed. An empty box takes any message. Thread-safe; meant for one taker, a thread of its own.
 *
 * @param <T> a message
 */
public final class SendQueue<T> {
    /** The bytes that a box holds before it is full. */
    public static final long MOST_BYTES = 8 << 20;

    /** The sound that a box holds before it is full. */
    public static final Duration MOST_AUDIO = Duration.ofSeconds(60);

    /** Longer than any client is waited for, and few enough nanoseconds for a long. */
    private static final Duration FOREVER = Duration.ofDays(10_000);

    private record Mail<T>(T message, long bytes, Duration audio) {}

    private final long mostBytes;
    private final Duration mostAudio;
    private final Runnable onRoom;
    private final ArrayDeque<Mail<T>> mails = new ArrayDeque<>();
    private long bytes;
    private Duration audio = Duration.ZERO;
    private boolean closed;

    /**
     * An empty box of the usual size.
     *
     * @param onRoom called when a full box has become less than full, by the thread that took something out, outside of the lock
     */
    public SendQueue(Runnable onRoom) {
        this(MOST_BYTES, MOST_AUDIO, onRoom);
    }

    /** An empty box that is full at so many bytes or so much sound. */
    public SendQueue(long mostBytes, Duration mostAudio, Runnable onRoom) {
        this.mostBytes = mostBytes;
        this.mostAudio = mostAudio;
        this.onRoom = onRoom;
    }

    /**
     * Puts a message in, without waiting.
     *
     * @param messageBytes its length on the wire
     * @param messageAudio how long it sounds, zero for all that is not sound
     * @return whether it was taken; not by a closed box, nor beyond twice its size
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
     * The oldest message, waiting for one; empty when the box is closed and all has been taken.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Optional<T> take() throws InterruptedException {
        return poll(FOREVER);
    }

    /**
     * The oldest message, waiting a while for one; empty when none came, or the box is closed and all has been taken.
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

    /** Takes out the messages that have become pointless, such as sound of a reply that was interrupted. */
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

    /** Ends the box: nothing more comes in, what is there can still be taken. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** True while producers should pause. */
    public synchronized boolean isFull() {
        return bytes >= mostBytes || audio.compareTo(mostAudio) >= 0;
    }

    /** Bytes of all that waits. */
    synchronized long bytes() {
        return bytes;
    }

    /** The length of all sound that waits. */
    synchronized Duration audio() {
        return audio;
    }

    private boolean fits(long messageBytes, Duration messageAudio) {
        return bytes + messageBytes <= 2 * mostBytes
                && audio.plus(messageAudio).compareTo(mostAudio.multipliedBy(2)) <= 0;
    }

    private void forget(Mail<T> mail) {
        bytes -= mail.bytes();
        audio = audio.minus(mail.audio());
    }
}
