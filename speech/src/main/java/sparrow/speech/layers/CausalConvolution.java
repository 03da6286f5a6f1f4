package sparrow.speech.layers;

/**
 * A convolution that reads no later frames, for sequences that may arrive in chunks. The output does not depend on the
 * chunk boundaries. The frames before the first one are zeros.
 *
 * @param convolution convolution with stride 1 and without padding
 */
public record CausalConvolution(Convolution convolution) {
    /** Returns the zeros before the first chunk. */
    public FrameTail start(int sequences) {
        return new FrameTail(Batch.zeros(sequences, convolution.kernel() - 1, convolution.in()));
    }

    /** Applies the convolution to the next chunk; returns a new chunk with the same number of frames. */
    public Batch of(Batch x, FrameTail tail) {
        return of(x, tail, new Workspace());
    }

    /**
     * Applies the convolution to the next chunk; the result, with the same number of frames, is taken from the
     * workspace.
     */
    public Batch of(Batch x, FrameTail tail, Workspace workspace) {
        Batch all = tail.before(x, workspace);
        Batch y = all.convolved(convolution, workspace);
        workspace.release(all);
        return y;
    }
}
