package sparrow.speech.flow.dit;

import sparrow.tensor.kernel.Block;

/**
 * Keys (or values) of the frames that one block attends to at one solver step, the newest chunk first. Attention knows
 * no positions here, so the order matters only when frames are forgotten.
 *
 * <p>They lie at the end of an array, so that a chunk is put in front of them without moving them.
 */
final class KeptFrames {
    private final int width;
    private float[] rows = {};

    /** The part of the array that is theirs, in values; they lie at its end. */
    private int begin;

    private int end;
    private int frames;

    KeptFrames(int width) {
        this.width = width;
    }

    /** Number of frames. */
    int frames() {
        return frames;
    }

    /** Values of a frame. */
    int width() {
        return width;
    }

    /** All of them, [frames, width]. */
    Block all() {
        return new Block(rows, end - frames * width, width, frames, width);
    }

    /** Puts a chunk, [frames, width] without gaps, in front, and gives all. */
    Block with(Block chunk) {
        int added = chunk.rows() * width;
        int there = frames * width;
        if (end - begin < added + there) moveTo(new float[added + there], 0, added + there);
        System.arraycopy(chunk.data(), chunk.offset(), rows, end - there - added, added);
        frames += chunk.rows();
        return all();
    }

    /** Room for so many frames, of a memory that has none. */
    void reserve(int count) {
        rows = new float[count * width];
        end = rows.length;
        frames = count;
    }

    /** Forgets all but the first and the last ones, if there are more. */
    void keep(int first, int last) {
        if (frames <= first + last) return;
        int from = end - frames * width;
        frames = first + last;
        System.arraycopy(rows, from, rows, end - frames * width, first * width);
    }

    /** The same frames, for an utterance that goes on differently from here, in an array of their own or a part of one. */
    KeptFrames fork(float[] array, int from, int to) {
        KeptFrames copy = new KeptFrames(width);
        copy.rows = rows;
        copy.begin = begin;
        copy.end = end;
        copy.frames = frames;
        copy.moveTo(array, from, to);
        return copy;
    }

    private void moveTo(float[] array, int from, int to) {
        int there = frames * width;
        System.arraycopy(rows, end - there, array, to - there, there);
        rows = array;
        begin = from;
        end = to;
    }
}
