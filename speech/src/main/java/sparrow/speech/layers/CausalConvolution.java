package sparrow.speech.layers;

/**
 * A convolution that sees no later frame, over sequences that may come in chunks. The cuts do not change the frames
 * that come out. Before the first frame there are zeros.
 *
 * @param convolution stride 1, no padding
 */
public record CausalConvolution(Convolution convolution) {
    /** The zeros before the first chunk. */
    public FrameTail start(int sequences) {
        return new FrameTail(Batch.zeros(sequences, convolution.kernel() - 1, convolution.in()));
    }

    /** The next chunk x to a new one of as many frames. */
    public Batch of(Batch x, FrameTail tail) {
        return of(x, tail, new Workspace());
    }

    /** The next chunk x to one of as many frames that is taken from the workspace. */
    public Batch of(Batch x, FrameTail tail, Workspace workspace) {
        Batch all = tail.before(x, workspace);
        Batch y = all.convolved(convolution, workspace);
        workspace.give(all);
        return y;
    }
}
