package sparrow.speech.flow.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.speech.layers.FrameTail;
import sparrow.tensor.kernel.Block;

/**
 * A {@link DitBlock}'s memory of earlier chunks at one solver step.
 *
 * @param keys of each sequence
 * @param values of each sequence
 * @param first frames before its first convolution, of all sequences
 * @param second frames before its second convolution, of all sequences
 */
record BlockMemory(List<KeptFrames> keys, List<KeptFrames> values, FrameTail first, FrameTail second) {
    /** Before the first chunk. */
    static BlockMemory start(int sequences, int width, FrameTail first, FrameTail second) {
        return new BlockMemory(none(sequences, width), none(sequences, width), first, second);
    }

    private static List<KeptFrames> none(int sequences, int width) {
        return Stream.generate(() -> new KeptFrames(width)).limit(sequences).toList();
    }

    /** Makes room for so many frames of keys and values, whose numbers are set by {@link #numbers}. */
    void reserve(int frames) {
        for (KeptFrames kept : keys) kept.reserve(frames);
        for (KeptFrames kept : values) kept.reserve(frames);
    }

    /** All numbers, to be read or set. */
    Stream<Block> numbers() {
        return Stream.concat(
                Stream.concat(keys.stream(), values.stream()).map(KeptFrames::all),
                Stream.of(first, second).map(tail -> tail.frames().all()));
    }

    /** Forgets keys and values between the first and the last frames, as they are stored: newest chunk first. */
    void keep(int firstFrames, int lastFrames) {
        for (KeptFrames kept : keys) kept.keep(firstFrames, lastFrames);
        for (KeptFrames kept : values) kept.keep(firstFrames, lastFrames);
    }

    /** Values of a kept frame, of all keys and values together. */
    int width() {
        return Stream.concat(keys.stream(), values.stream())
                .mapToInt(KeptFrames::width)
                .sum();
    }

    /**
     * The same memory, for an utterance that goes on differently from here.
     *
     * @param array that keys and values move into
     * @param from index in it; they take {@code capacity * width()} values
     * @param capacity frames that each has room for
     */
    BlockMemory fork(float[] array, int from, int capacity) {
        List<KeptFrames> all = new ArrayList<>();
        int at = from;
        for (KeptFrames kept : Stream.concat(keys.stream(), values.stream()).toList()) {
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
