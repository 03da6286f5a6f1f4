package sparrow.speech.vocode;

import java.util.Arrays;
import java.util.Optional;

/** Divides codes that arrive in portions of any size into chunks, each with a few codes of look-ahead. */
final class LookAheadChunks {
    private final int size;
    private final int lookAhead;
    private int[] waiting = {};

    /**
     * @param size number of codes of a chunk
     * @param lookAhead number of codes after a chunk that are returned with it
     */
    LookAheadChunks(int size, int lookAhead) {
        this.size = size;
        this.lookAhead = lookAhead;
    }

    /** Adds the next codes. */
    void add(int[] codes) {
        int before = waiting.length;
        waiting = Arrays.copyOf(waiting, before + codes.length);
        System.arraycopy(codes, 0, waiting, before, codes.length);
    }

    /**
     * Returns the next chunk and its look-ahead, if all codes of both have arrived; the chunk after it begins with the
     * look-ahead.
     */
    Optional<int[]> next() {
        if (waiting.length < size + lookAhead) return Optional.empty();
        int[] chunk = Arrays.copyOf(waiting, size + lookAhead);
        waiting = Arrays.copyOfRange(waiting, size, waiting.length);
        return Optional.of(chunk);
    }

    /**
     * Removes and returns the remaining codes at the end of the utterance; empty only if no codes have arrived at all.
     */
    int[] rest() {
        int[] rest = waiting;
        waiting = new int[0];
        return rest;
    }
}
