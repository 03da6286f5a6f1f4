package sparrow.speech.flow.dit;

import sparrow.tensor.kernel.Block;

/**
 * The keys or values of the frames that a block attends to at one solver step, stored with the newest chunk first. The
 * attention has no positions, so the order matters only when frames are removed.
 *
 * <p>The frames are stored at the end of an array, so a chunk can be stored before them without moving them.
 */
final class FrameCache {
    private final int width;
    private float[] rows = {};

    /** Start of the part of the array that belongs to these frames. The frames are stored at the end of this part. */
    private int begin;

    private int end;
    private int frames;

    FrameCache(int width) {
        this.width = width;
    }

    /** Returns the number of frames. */
    int frames() {
        return frames;
    }

    /** Returns the number of values per frame. */
    int width() {
        return width;
    }

    /** Returns all frames, [frames, width]. */
    Block all() {
        return new Block(rows, end - frames * width, width, frames, width);
    }

    /** Stores a chunk, [frames, width] without gaps, before the other frames and returns all frames. */
    Block with(Block chunk) {
        int added = chunk.rows() * width;
        int there = frames * width;
        if (end - begin < added + there) moveTo(new float[added + there], 0, added + there);
        System.arraycopy(chunk.data(), chunk.offset(), rows, end - there - added, added);
        frames += chunk.rows();
        return all();
    }

    /** Allocates a number of frames. The cache must be empty. */
    void reserve(int count) {
        rows = new float[count * width];
        end = rows.length;
        frames = count;
    }

    /** Removes all frames except the first {@code first} and the last {@code last} frames. */
    void retain(int first, int last) {
        if (frames <= first + last) return;
        int from = end - frames * width;
        frames = first + last;
        System.arraycopy(rows, from, rows, end - frames * width, first * width);
    }

    /** Returns an independent copy in a part of an array. */
    FrameCache fork(float[] array, int from, int to) {
        FrameCache copy = new FrameCache(width);
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
