package sparrow.speech.layers;

import sparrow.tensor.kernel.Block;

/** Activations of sequences of equal length, [sequences, frames, channels], without gaps. */
public record Batch(float[] data, int sequences, int frames, int channels) {
    /** Creates a batch of zeros. */
    public static Batch zeros(int sequences, int frames, int channels) {
        int size = Math.multiplyExact(Math.multiplyExact(sequences, frames), channels);
        return new Batch(new float[size], sequences, frames, channels);
    }

    /** Returns the rows of all sequences for layers that process each frame independently. */
    public Block all() {
        return Block.of(data, sequences * frames, channels);
    }

    /** Returns the rows of the sequence with the given index. */
    public Block sequence(int s) {
        return all().rows(s * frames, (s + 1) * frames);
    }

    /** Applies a convolution to each sequence. The result is taken from the workspace. */
    public Batch convolved(Convolution convolution, Workspace workspace) {
        Batch y = workspace.take(sequences, convolution.outRows(frames), convolution.out());
        for (int s = 0; s < sequences; s++) convolution.into(sequence(s), y.sequence(s), workspace);
        return y;
    }

    /** Upsamples each sequence. The result is taken from the workspace. */
    public Batch upsampled(Upsampling upsampling, Workspace workspace) {
        Batch y = workspace.take(sequences, frames * upsampling.stride(), upsampling.out());
        for (int s = 0; s < sequences; s++) upsampling.into(sequence(s), y.sequence(s), workspace);
        return y;
    }

    /** Returns a new batch in which each sequence consists of this batch's frames followed by the later frames. */
    public Batch then(Batch later) {
        Batch y = zeros(sequences, frames + later.frames, channels);
        then(later, y);
        return y;
    }

    /** Writes, for each sequence, this batch's frames followed by the later frames to y. */
    void then(Batch later, Batch y) {
        for (int s = 0; s < sequences; s++) {
            int to = s * y.frames * channels;
            System.arraycopy(data, s * frames * channels, y.data, to, frames * channels);
            int from = s * later.frames * channels;
            System.arraycopy(later.data, from, y.data, to + frames * channels, later.frames * channels);
        }
    }

    /** Returns a copy of the last {@code count} frames of each sequence. */
    public Batch last(int count) {
        Batch y = zeros(sequences, count, channels);
        for (int s = 0; s < sequences; s++) {
            int from = ((s + 1) * frames - count) * channels;
            System.arraycopy(data, from, y.data, s * count * channels, count * channels);
        }
        return y;
    }

    /**
     * Concatenates the channels of this batch and another batch at each frame of the other batch. Further frames of
     * this batch are dropped. The result is taken from the workspace.
     */
    public Batch beside(Batch other, Workspace workspace) {
        Batch y = workspace.take(sequences, other.frames, channels + other.channels);
        for (int s = 0; s < sequences; s++) {
            for (int t = 0; t < y.frames; t++) {
                int to = (s * y.frames + t) * y.channels;
                System.arraycopy(data, (s * frames + t) * channels, y.data, to, channels);
                int from = (s * y.frames + t) * other.channels;
                System.arraycopy(other.data, from, y.data, to + channels, other.channels);
            }
        }
        return y;
    }
}
