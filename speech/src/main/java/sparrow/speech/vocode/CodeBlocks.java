package sparrow.speech.vocode;

import java.util.Arrays;
import java.util.Optional;

/**
 * Groups codes into blocks for a {@link SpeechStream}. The first block is short so that speech starts early; later
 * blocks are longer to avoid repeated computation. A block is returned as soon as it is full. The published demo first
 * waits for the next token, but no block depends on this token.
 *
 * <p>Instances must be used by one thread at a time.
 */
public final class CodeBlocks {
    /** The published block sizes of 2, 4, 8, 12 and then always 16 seconds. */
    private static final int[] PUBLISHED = {25, 50, 100, 150, 200};

    private final int[] sizes;
    private int size;
    private int[] codes;
    private int count;

    private CodeBlocks(int[] sizes) {
        this.sizes = sizes;
        this.codes = new int[sizes[0]];
    }

    /** Returns blocks of 25, 50, 100, 150 and then always 200 codes. */
    public static CodeBlocks published() {
        return new CodeBlocks(PUBLISHED);
    }

    /** Returns blocks of the given sizes; the last size repeats. */
    public static CodeBlocks of(int... sizes) {
        if (sizes.length == 0 || Arrays.stream(sizes).anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException(
                    "block sizes: expected one or more numbers of 1 or more, got " + Arrays.toString(sizes));
        }
        return new CodeBlocks(sizes.clone());
    }

    /** Adds the next code and returns a block if this code completes it. */
    public Optional<int[]> add(int code) {
        codes[count++] = code;
        if (count < codes.length) return Optional.empty();
        int[] full = codes;
        size = Math.min(size + 1, sizes.length - 1);
        codes = new int[sizes[size]];
        count = 0;
        return Optional.of(full);
    }

    /** Removes up to {@code max} codes from the end of the incomplete block. */
    public void drop(int max) {
        count -= Math.min(max, count);
    }

    /** Returns the number of codes in the incomplete block. */
    public int waiting() {
        return count;
    }

    /** Returns the number of codes missing from the incomplete block. */
    public int missing() {
        return codes.length - count;
    }

    /** Returns the number of codes in the first block. */
    public int firstSize() {
        return sizes[0];
    }

    /**
     * Removes and returns the codes of the incomplete block, or returns an empty array if there are none. This method
     * is called at the end of an utterance, or if playback cannot wait for the block's remaining codes.
     */
    public int[] rest() {
        int[] rest = Arrays.copyOf(codes, count);
        count = 0;
        return rest;
    }
}
