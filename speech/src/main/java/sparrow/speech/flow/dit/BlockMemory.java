package sparrow.speech.flow.dit;

import java.util.List;
import java.util.stream.Stream;
import sparrow.speech.layers.FrameTail;

/**
 * What a {@link DitBlock} keeps of earlier chunks at one solver step.
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

    /** Forgets keys and values between the first and the last frames, as they are stored: newest chunk first. */
    void keep(int firstFrames, int lastFrames) {
        for (KeptFrames kept : keys) kept.keep(firstFrames, lastFrames);
        for (KeptFrames kept : values) kept.keep(firstFrames, lastFrames);
    }

    /**
     * The same memory, for an utterance that goes on differently from here.
     *
     * @param bound frames that are kept between chunks at most
     */
    BlockMemory fork(int bound) {
        return new BlockMemory(fork(keys, bound), fork(values, bound), first.fork(), second.fork());
    }

    private static List<KeptFrames> fork(List<KeptFrames> sequences, int bound) {
        return sequences.stream().map(kept -> kept.fork(bound)).toList();
    }
}
