package sparrow.speech.flow.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.speech.layers.FrameTail;
import sparrow.tensor.kernel.Block;

/**
 * Memory of earlier chunks for a {@link DitBlock} at one solver step.
 *
 * @param keys keys for each sequence
 * @param values values for each sequence
 * @param first newest input frames of the first convolution, for all sequences
 * @param second newest input frames of the second convolution, for all sequences
 */
record BlockMemory(List<FrameCache> keys, List<FrameCache> values, FrameTail first, FrameTail second) {
    /** Creates the memory before the first chunk. */
    static BlockMemory start(int sequences, int width, FrameTail first, FrameTail second) {
        return new BlockMemory(none(sequences, width), none(sequences, width), first, second);
    }

    private static List<FrameCache> none(int sequences, int width) {
        return Stream.generate(() -> new FrameCache(width)).limit(sequences).toList();
    }

    /** Allocates keys and values for the given number of frames; the caller then fills the {@link #numbers}. */
    void reserve(int frames) {
        for (FrameCache kept : keys) kept.reserve(frames);
        for (FrameCache kept : values) kept.reserve(frames);
    }

    /** Returns all arrays of the memory, for reading or writing. */
    Stream<Block> numbers() {
        return Stream.concat(
                Stream.concat(keys.stream(), values.stream()).map(FrameCache::all),
                Stream.of(first, second).map(tail -> tail.frames().all()));
    }

    /**
     * Removes all keys and values except the keys and values of the given numbers of first and last stored frames. The
     * newest chunk is stored first.
     */
    void retain(int firstFrames, int lastFrames) {
        for (FrameCache kept : keys) kept.retain(firstFrames, lastFrames);
        for (FrameCache kept : values) kept.retain(firstFrames, lastFrames);
    }

    /** Returns the number of values per frame in all keys and values together. */
    int width() {
        return Stream.concat(keys.stream(), values.stream())
                .mapToInt(FrameCache::width)
                .sum();
    }

    /**
     * Returns an independent copy.
     *
     * @param array array that receives keys and values
     * @param from array index of the first of {@code capacity * width()} values
     * @param capacity number of frames to reserve for keys and for values
     */
    BlockMemory fork(float[] array, int from, int capacity) {
        List<FrameCache> all = new ArrayList<>();
        int at = from;
        for (FrameCache kept : Stream.concat(keys.stream(), values.stream()).toList()) {
            int to = at + capacity * kept.width();
            all.add(kept.fork(array, at, to));
            at = to;
        }
        return new BlockMemory(
                List.copyOf(all.subList(0, keys.size())),
                List.copyOf(all.subList(keys.size(), all.size())),
                first.fork(),
                second.fork());
    }
}
