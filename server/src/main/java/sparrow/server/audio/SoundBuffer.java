package sparrow.server.audio;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The newest samples of a sound that grows, in 16 bits. Positions count from its first sample. What is taken out of it shares its
 * memory, and stays as it is. Not thread-safe.
 */
public final class SoundBuffer {
    private final int rateHz;
    private final List<short[]> pieces = new ArrayList<>();

    /** Position of the first sample of the first piece. */
    private long origin;

    private long start;
    private long end;

    /** @param position of the first sample that will be appended */
    public SoundBuffer(int rateHz, long position) {
        this.rateHz = rateHz;
        origin = position;
        start = position;
        end = position;
    }

    /** Position of the first sample that is kept. */
    public long start() {
        return start;
    }

    /** Position behind the newest sample. */
    public long end() {
        return end;
    }

    /** Number of samples that are kept. */
    public int length() {
        return Math.toIntExact(end - start);
    }

    /** Takes more samples. */
    public void append(float[] samples) {
        append(samples, 0, samples.length);
    }

    /** Takes n more samples. */
    public void append(float[] samples, int offset, int n) {
        Objects.checkFromIndexSize(offset, n, samples.length);
        for (int i = 0; i < n; i++, end++) {
            int at = (int) ((end - origin) % Sound.PIECE);
            if (at == 0) pieces.add(new short[Sound.PIECE]);
            pieces.getLast()[at] = Pcm16.step(samples[offset + i]);
        }
    }

    /** Forgets the samples before a position. */
    public void dropBefore(long position) {
        start = Math.clamp(position, start, end);
        while (start - origin >= Sound.PIECE) {
            pieces.removeFirst();
            origin += Sound.PIECE;
        }
    }

    /** Forgets all samples. */
    public void clear() {
        dropBefore(end);
    }

    /** All samples. */
    public Sound sound() {
        return sound(start, end);
    }

    /** The samples from one position to another. */
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
