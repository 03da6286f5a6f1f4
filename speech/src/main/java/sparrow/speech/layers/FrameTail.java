package sparrow.speech.layers;

/**
 * The newest frames of sequences that arrive in chunks, for a {@link CausalConvolution}. Initially, all frames are
 * zeros.
 */
public final class FrameTail {
    private Batch frames;

    /** Creates a tail with initial frames, which are not modified. */
    FrameTail(Batch frames) {
        this.frames = frames;
    }

    /** Returns a chunk preceded by the stored frames, and stores the newest frames of the chunk for the next chunk. */
    Batch before(Batch chunk, Workspace workspace) {
        Batch all = workspace.take(chunk.sequences(), frames.frames() + chunk.frames(), chunk.channels());
        frames.then(chunk, all);
        frames = all.last(frames.frames());
        return all;
    }

    /** Returns the stored frames, [sequences, frames, channels]. */
    public Batch frames() {
        return frames;
    }

    /** Returns an independent copy. */
    public FrameTail fork() {
        return new FrameTail(frames);
    }
}
