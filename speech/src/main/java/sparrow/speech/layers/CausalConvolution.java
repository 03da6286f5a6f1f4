package sparrow.speech.layers;

/**
 * A convolution that reads no later frames, for sequences that may arrive in chunks. Its output does not depend on the
 * chunk boundaries. Zeros precede the first frame.
 *
 * @param convolution convolution with stride 1 and without padding
 */
public record CausalConvolution(Convolution convolution) {
    /** Returns zeros as the frames before the first chunk. */
    public FrameTail start(int sequences) {
        return new FrameTail(Batch.zeros(sequences, convolution.kernel() - 1, convolution.in()));
    }

    /** Applies the convolution to the next chunk and returns a new chunk with the same number of frames. */
    public Batch of(Batch x, FrameTail tail) {
        return of(x, tail, new Workspace());
    }

    /**
     * Applies the convolution to the next chunk. The result has the same number of frames and is taken from the
     * workspace.
     */
    public Batch of(Batch x, FrameTail tail, Workspace workspace) {
        Batch all = tail.before(x, workspace);
        Batch y = all.convolved(convolution, workspace);
        workspace.release(all);
        return y;
    }
}
