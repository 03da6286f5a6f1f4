package sparrow.speech.vocode;

import java.util.Arrays;
import java.util.Optional;

/** Codes that arrive in any portions, cut into chunks that each see a few of the codes after them. */
final class LookAheadChunks {
    private final int size;
    private final int lookAhead;
    private int[] waiting = {};

    /**
     * @param size codes of a chunk
     * @param lookAhead codes after a chunk that are handed over with it
     */
    LookAheadChunks(int size, int lookAhead) {
        this.size = size;
        this.lookAhead = lookAhead;
    }

    /** Takes the next codes. */
    void add(int[] codes) {
        int before = waiting.length;
        waiting = Arrays.copyOf(waiting, before + codes.length);
        System.arraycopy(codes, 0, waiting, before, codes.length);
    }

    /** The next chunk and its look-ahead, if all codes of both are there; the look-ahead begins the chunk after it. */
    Optional<int[]> next() {
        if (waiting.length < size + lookAhead) return Optional.empty();
        int[] chunk = Arrays.copyOf(waiting, size + lookAhead);
        waiting = Arrays.copyOfRange(waiting, size, waiting.length);
        return Optional.of(chunk);
    }

    /** The codes that made no chunk, at the end of the utterance: none only if there were none at all. */
    int[] rest() {
        int[] rest = waiting;
        waiting = new int[0];
        return rest;
    }
}
