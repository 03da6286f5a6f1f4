package sparrow.server.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The newest samples of a continuing audio stream, in 16 bits. Positions are sample numbers, starting at the stream's
 * first sample. Each returned {@link Sound} shares the buffer's memory and does not change. Not thread-safe.
 */
public final class SoundBuffer {
    private final int rateHz;
    private final List<short[]> pieces = new ArrayList<>();

    /** Position of the first sample of the first piece. */
    private long origin;

    private long start;
    private long end;

    /**
     * Creates an empty buffer.
     *
     * @param position the position of the first sample that will be appended
     */
    public SoundBuffer(int rateHz, long position) {
        this.rateHz = rateHz;
        origin = position;
        start = position;
        end = position;
    }

    /** Returns the position of the first stored sample. */
    public long start() {
        return start;
    }

    /** Returns the position after the newest sample. */
    public long end() {
        return end;
    }

    /** Returns the number of stored samples. */
    public int length() {
        return Math.toIntExact(end - start);
    }

    public void append(float[] samples) {
        append(samples, 0, samples.length);
    }

    /** Appends n samples, starting at an offset in the array. */
    public void append(float[] samples, int offset, int n) {
        Objects.checkFromIndexSize(offset, n, samples.length);
        for (int i = 0; i < n; i++, end++) {
            int at = (int) ((end - origin) % Sound.PIECE);
            if (at == 0) pieces.add(new short[Sound.PIECE]);
            pieces.getLast()[at] = Pcm16.step(samples[offset + i]);
        }
    }

    /** Removes the samples before a position. */
    public void dropBefore(long position) {
        start = Math.clamp(position, start, end);
        while (start - origin >= Sound.PIECE) {
            pieces.removeFirst();
            origin += Sound.PIECE;
        }
    }

    /** Removes all samples. */
    public void clear() {
        dropBefore(end);
    }

    /** Returns all samples. */
    public Sound sound() {
        return sound(start, end);
    }

    /** Returns the samples from one position (inclusive) to another (exclusive). */
    public Sound sound(long from, long to) {
        Objects.checkFromToIndex(from - start, to - start, end - start);
        int offset = Math.toIntExact(from - origin);
        return new Sound(
                pieces.subList(offset / Sound.PIECE, pieces.size()),
                offset % Sound.PIECE,
                Math.toIntExact(to - from),
                rateHz);
    }
}
