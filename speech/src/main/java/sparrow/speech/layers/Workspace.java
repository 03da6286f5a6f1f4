package sparrow.speech.layers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import sparrow.tensor.kernel.Block;

/**
 * Arrays that a network computes in, used again by the next layer and the next step of a solver: hundreds of layers of
 * megabytes would otherwise be cleared, and copied by the garbage collector, for each of them. The needs of one layer
 * bound its memory. For one thread.
 */
public final class Workspace {
    /** By length: the layers of a network ask for the same few sizes again and again. */
    private final Map<Integer, Deque<float[]>> free = new HashMap<>();

    /** An empty one. */
    public Workspace() {}

    /** A whole array as [rows, columns], its content undefined. */
    public Block take(int rows, int columns) {
        int length = Math.multiplyExact(rows, columns);
        Deque<float[]> fitting = free.get(length);
        float[] array = fitting == null ? null : fitting.poll();
        return Block.of(array == null ? new float[length] : array, rows, columns);
    }

    /** As {@link #take(int, int)}, for sequences. */
    public Batch take(int sequences, int frames, int channels) {
        Block rows = take(Math.multiplyExact(sequences, frames), channels);
        return new Batch(rows.data(), sequences, frames, channels);
    }

    /** Gives back a block that was taken. It may not be used any more. */
    public void give(Block block) {
        give(block.data());
    }

    /** Gives back a batch that was taken. It may not be used any more. */
    public void give(Batch batch) {
        give(batch.data());
    }

    private void give(float[] array) {
        free.computeIfAbsent(array.length, _ -> new ArrayDeque<>()).push(array);
    }
}
