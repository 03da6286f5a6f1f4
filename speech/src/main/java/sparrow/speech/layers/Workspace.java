package sparrow.speech.layers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import sparrow.tensor.kernel.Block;

/**
 * A pool of arrays reused by the layers of a network and the steps of a solver. Without a pool, megabytes would be
 * allocated and cleared for each of hundreds of layers. The pool's size is bounded by the memory that one layer
 * requires. Instances must be used by only one thread.
 */
public final class Workspace {
    /** Unused arrays by length. The layers of a network use only a few different lengths. */
    private final Map<Integer, Deque<float[]>> free = new HashMap<>();

    /** Creates an empty workspace. */
    public Workspace() {}

    /** Takes an array from the pool as a block [rows, columns]. The content of the block is undefined. */
    public Block take(int rows, int columns) {
        int length = Math.multiplyExact(rows, columns);
        Deque<float[]> fitting = free.get(length);
        float[] array = fitting == null ? null : fitting.poll();
        return Block.of(array == null ? new float[length] : array, rows, columns);
    }

    /** Takes a batch of sequences; see {@link #take(int, int)}. */
    public Batch take(int sequences, int frames, int channels) {
        Block rows = take(Math.multiplyExact(sequences, frames), channels);
        return new Batch(rows.data(), sequences, frames, channels);
    }

    /** Returns a block to the pool. The block must not be used afterwards. */
    public void release(Block block) {
        release(block.data());
    }

    /** Returns a batch to the pool. The batch must not be used afterwards. */
    public void release(Batch batch) {
        release(batch.data());
    }

    private void release(float[] array) {
        free.computeIfAbsent(array.length, _ -> new ArrayDeque<>()).push(array);
    }
}
