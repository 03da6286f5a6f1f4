package sparrow.speech.layers;

/** The newest frames of sequences that arrive in chunks, for a {@link CausalConvolution}; zeros at first. */
public final class FrameTail {
    private Batch frames;

    /** Starts with {@code frames}, which are not changed. */
    FrameTail(Batch frames) {
        this.frames = frames;
    }

    /** A chunk with the frames before it in front. Its own newest frames stand in front of the next chunk. */
    Batch before(Batch chunk, Workspace workspace) {
        Batch all = workspace.take(chunk.sequences(), frames.frames() + chunk.frames(), chunk.channels());
        frames.then(chunk, all);
        frames = all.last(frames.frames());
        return all;
    }

    /** The frames, [sequences, frames, channels]. */
    public Batch frames() {
        return frames;
    }

    /** The same frames, for a sequence that goes on differently from here. */
    public FrameTail fork() {
        return new FrameTail(frames);
    }
}
