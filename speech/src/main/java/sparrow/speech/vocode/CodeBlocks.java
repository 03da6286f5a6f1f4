package sparrow.speech.vocode;

import java.util.Arrays;
import java.util.Optional;

/**
 * The rhythm in which codes go to a {@link SpeechStream}: a short first block, so that speech starts early, then longer
 * ones, so that little is computed twice. A block is given out as soon as it is full. The published demo waits for the
 * next token first, but no block depends on it.
 *
 * <p>For one thread at a time.
 */
public final class CodeBlocks {
    /** The published rhythm: 2, 4, 8, 12 and then always 16 seconds. */
    private static final int[] PUBLISHED = {25, 50, 100, 150, 200};

    private final int[] sizes;
    private int size;
    private int[] codes;
    private int count;

    private CodeBlocks(int[] sizes) {
        this.sizes = sizes;
        this.codes = new int[sizes[0]];
    }

    /** Blocks of 25, 50, 100, 150, 200, 200, ... codes. */
    public static CodeBlocks published() {
        return new CodeBlocks(PUBLISHED);
    }

    /** Blocks of these sizes; the last one repeats. */
    public static CodeBlocks of(int... sizes) {
        if (sizes.length == 0 || Arrays.stream(sizes).anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException(
                    "block sizes: expected one or more of 1 and above, got " + Arrays.toString(sizes));
        }
        return new CodeBlocks(sizes.clone());
    }

    /** Takes the next code; gives a block if this code fills it. */
    public Optional<int[]> add(int code) {
        codes[count++] = code;
        if (count < codes.length) return Optional.empty();
        int[] full = codes;
        size = Math.min(size + 1, sizes.length - 1);
        codes = new int[sizes[size]];
        count = 0;
        return Optional.of(full);
    }

    /** Forgets the latest of the codes that wait: so many, or as many as there are. */
    public void drop(int most) {
        count -= Math.min(most, count);
    }

    /** Codes that wait for their block to be full. */
    public int waiting() {
        return count;
    }

    /** Codes that the next block still lacks. */
    public int lacking() {
        return codes.length - count;
    }

    /** Codes of the first block, which none of the published rhythm is shorter than. */
    public int shortest() {
        return sizes[0];
    }

    /**
     * The codes of the block that was not filled; may be none. For the end of the utterance, and for playback that
     * cannot wait for the rest of the block.
     */
    public int[] rest() {
        int[] rest = Arrays.copyOf(codes, count);
        count = 0;
        return rest;
    }
}
