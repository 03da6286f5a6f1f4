package sparrow.speech.vocode;

import java.util.Arrays;
import java.util.Optional;

/** Divides codes that arrive in portions of any size into chunks, each followed by a few codes of look-ahead. */
final class LookAheadChunks {
    private final int size;
    private final int lookAhead;
    private int[] waiting = {};

    /**
     * @param size number of codes per chunk
     * @param lookAhead number of following codes returned with a chunk
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
     * Returns the next chunk and its look-ahead if all their codes have arrived. The following chunk begins with the
     * look-ahead.
     */
    Optional<int[]> next() {
        if (waiting.length < size + lookAhead) return Optional.empty();
        int[] chunk = Arrays.copyOf(waiting, size + lookAhead);
        waiting = Arrays.copyOfRange(waiting, size, waiting.length);
        return Optional.of(chunk);
    }

    /**
     * Removes and returns the remaining codes at the end of the utterance. The result is empty only if no codes have
     * arrived.
     */
    int[] rest() {
        int[] rest = waiting;
        waiting = new int[0];
        return rest;
    }
}
