package sparrow.models.weights;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.weights.Checkpoint;

/** The memory and files of an open model: closed together, the last opened first. */
public final class Resources implements AutoCloseable {
    /**
     * Checkpoints of up to this many elements (256 MiB as bf16) are repacked into f32 memory; larger ones are read where
     * the file is mapped, unless their matrices are quantised: those are repacked as they are.
     */
    private static final long PACK_ELEMENTS = 128L << 20;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Arena arena = Arena.ofShared();

    /** Takes over something to close. */
    public <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /** How matrices of a checkpoint are made ready for the kernels. */
    public Function<Matrix, Weight> loader(Checkpoint checkpoint, Kernels kernels) {
        long elements = checkpoint.names().stream()
                .mapToLong(name -> checkpoint.tensor(name).elements())
                .sum();
        boolean small = elements <= PACK_ELEMENTS;
        return matrix -> small || matrix.dtype().isQuantised() ? kernels.pack(matrix, arena) : kernels.view(matrix);
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        arena.close();
    }
}
