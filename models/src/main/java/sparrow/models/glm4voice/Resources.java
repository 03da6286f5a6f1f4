package sparrow.models.glm4voice;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.weights.Checkpoint;

/** The memory and files of an open model: closed together, the last opened first. */
final class Resources implements AutoCloseable {
    /** Checkpoints up to this size are repacked into f32 memory; larger ones are read where the file is mapped. */
    private static final long PACK_BYTES = 256L << 20;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Arena arena = Arena.ofShared();

    /** Takes over something to close. */
    <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /** How matrices of a checkpoint are made ready for the kernels. */
    Function<Matrix, Weight> loader(Checkpoint checkpoint, Kernels kernels) {
        long bytes = checkpoint.names().stream()
                .mapToLong(name -> checkpoint.tensor(name).data().byteSize())
                .sum();
        return bytes <= PACK_BYTES ? matrix -> kernels.pack(matrix, arena) : kernels::view;
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
