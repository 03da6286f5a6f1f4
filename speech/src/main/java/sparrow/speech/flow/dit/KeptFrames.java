package sparrow.speech.flow.dit;

import java.util.Arrays;
import sparrow.engine.kernel.Block;

/**
 * Keys (or values) of the frames that one block attends to at one solver step, the newest chunk first. Attention knows
 * no positions here, so the order matters only where frames are forgotten.
 *
 * <p>They lie at the end of an array, so that a chunk is put in front of them without moving them.
 */
final class KeptFrames {
    private final int width;

    /** Frames that are never exceeded but by a chunk on top of them; decides how large an array is made. */
    private final int bound;

    private float[] rows = {};
    private int frames;

    /** None, of an utterance that is one chunk. */
    KeptFrames(int width) {
        this(width, 0);
    }

    private KeptFrames(int width, int bound) {
        this.width = width;
        this.bound = bound;
    }

    /** How many there are. */
    int frames() {
        return frames;
    }

    /** All of them, [frames, width]. */
    Block all() {
        return new Block(rows, rows.length - frames * width, width, frames, width);
    }

    /** Puts a chunk, [frames, width] without gaps, in front, and gives all. */
    Block with(Block chunk) {
        int added = chunk.rows() * width;
        int there = frames * width;
        if (rows.length < added + there) {
            // All that will ever be needed if chunks are equally long: the array outlives many collections.
            float[] larger = new float[added + Math.max(there, bound * width)];
            System.arraycopy(rows, rows.length - there, larger, larger.length - there, there);
            rows = larger;
        }
        System.arraycopy(chunk.data(), chunk.offset(), rows, rows.length - there - added, added);
        frames += chunk.rows();
        return all();
    }

    /** Forgets all but the first and the last ones, if there are more. */
    void keep(int first, int last) {
        if (frames <= first + last) return;
        int from = rows.length - frames * width;
        frames = first + last;
        System.arraycopy(rows, from, rows, rows.length - frames * width, first * width);
    }

    /**
     * The same frames, for an utterance that goes on differently from here. An array that is full is shared: the next
     * chunk, of either, does not fit into it and makes a new one.
     *
     * @param bound frames that are kept between chunks at most
     */
    KeptFrames fork(int bound) {
        KeptFrames copy = new KeptFrames(width, bound);
        int there = frames * width;
        copy.rows = rows.length == there ? rows : Arrays.copyOfRange(rows, rows.length - there, rows.length);
        copy.frames = frames;
        return copy;
    }
}
