package sparrow.speech.layers;

/**
 * A convolution that sees no later frame, over sequences that may come in chunks: however they are cut, the frames that
 * come out are the same. Before the first frame there are zeros.
 *
 * @param convolution stride 1, no padding
 */
public record CausalConvolution(Convolution convolution) {
    /** What is before the first chunk. */
    public FrameTail start(int sequences) {
        return new FrameTail(Batch.zeros(sequences, convolution.kernel() - 1, convolution.in()));
    }

    /** The next chunk x to a new one of as many frames. */
    public Batch of(Batch x, FrameTail tail) {
        return tail.before(x).convolved(convolution);
    }
}
