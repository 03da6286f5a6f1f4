package sparrow.speech.flow.dit;

import java.util.Arrays;
import sparrow.engine.kernel.Block;

/**
 * Keys (or values) of the frames that one block attends to at one solver step, the newest chunk first. Attention knows
 * no positions here, so the order matters only where frames are forgotten.
 */
final class KeptFrames {
    private final int width;
    private float[] rows = {};
    private int frames;

    KeptFrames(int width) {
        this.width = width;
    }

    /** How many there are. */
    int frames() {
        return frames;
    }

    /** All of them, [frames, width]. */
    Block all() {
        return Block.of(rows, frames, width);
    }

    /** Puts a chunk, [frames, width] without gaps, in front, and gives all. */
    Block with(Block chunk) {
        int added = chunk.rows() * width;
        int there = frames * width;
        float[] to = rows.length < added + there ? new float[added + there] : rows;
        System.arraycopy(rows, 0, to, added, there);
        System.arraycopy(chunk.data(), chunk.offset(), to, 0, added);
        rows = to;
        frames += chunk.rows();
        return all();
    }

    /** Forgets all but the first and the last ones, if there are more. */
    void keep(int first, int last) {
        if (frames <= first + last) return;
        System.arraycopy(rows, (frames - last) * width, rows, first * width, last * width);
        frames = first + last;
    }

    /**
     * The same frames, for an utterance that goes on differently from here. An array that is full is shared: the next
     * chunk, of either, does not fit into it and makes a new one.
     */
    KeptFrames fork() {
        KeptFrames copy = new KeptFrames(width);
        copy.rows = rows.length == frames * width ? rows : Arrays.copyOf(rows, frames * width);
        copy.frames = frames;
        return copy;
    }
}
