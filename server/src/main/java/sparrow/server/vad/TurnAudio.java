package sparrow.server.vad;

import java.util.Arrays;
import java.util.Objects;

/** The newest samples of a session: those that may still become part of a turn. Positions count from its first sample. */
final class TurnAudio {
    private static final int SMALLEST = 1 << 14;

    private float[] samples = new float[SMALLEST];

    /** Where the kept ones lie in the array. */
    private int offset;

    private int count;

    /** Position of the first one that is kept. */
    private long start;

    TurnAudio(long start) {
        this.start = start;
    }

    /** Position of the first sample that is kept. */
    long start() {
        return start;
    }

    /** Position behind the newest sample. */
    long end() {
        return start + count;
    }

    /** Takes n more samples, which are made finite. */
    void append(float[] from, int fromOffset, int n) {
        makeRoom(n);
        Amplitude.copy(from, fromOffset, samples, offset + count, n);
        count += n;
    }

    private void makeRoom(int n) {
        if (offset + count + n <= samples.length) return;
        // Moving less than half of the array each time costs no more than a copy for each sample.
        int needed = Math.addExact(count, n);
        float[] target = 2 * (long) needed <= samples.length ? samples : new float[Math.max(SMALLEST, 2 * needed)];
        System.arraycopy(samples, offset, target, 0, count);
        samples = target;
        offset = 0;
    }

    /** Forgets the samples before a position; the memory of a long turn is given back. */
    void dropBefore(long position) {
        if (position <= start) return;
        int dropped = (int) Math.min(count, position - start);
        offset += dropped;
        count -= dropped;
        start += dropped;
        if (samples.length > SMALLEST && 8L * count <= samples.length) {
            samples = Arrays.copyOfRange(samples, offset, offset + Math.max(count, SMALLEST));
            offset = 0;
        }
    }

    /** A copy of the samples from one position to another. */
    float[] copy(long from, long to) {
        int first = Math.toIntExact(from - start);
        int length = Math.toIntExact(to - from);
        Objects.checkFromIndexSize(first, length, count);
        return Arrays.copyOfRange(samples, offset + first, offset + first + length);
    }
}
