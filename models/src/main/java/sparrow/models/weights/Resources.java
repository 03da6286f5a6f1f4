package sparrow.models.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.device.Placement;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.WeightLoader;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.Checkpoint;

/** The memory and files of an open model: closed together, the last opened first. */
public final class Resources implements AutoCloseable {
    /**
     * Checkpoints of up to this many elements (256 MiB as bf16) are repacked into f32 memory; larger ones are read where
     * the file is mapped, unless their matrices are quantised: those are repacked as they are.
     */
    private static final long PACK_ELEMENTS = 128L << 20;

    private static final int ALIGNMENT = 64;

    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();
    private final Arena arena = Arena.ofShared();
    private final Optional<Placement> device;

    private boolean closed;

    /** @param device takes {@link #transformer} to a device; empty for this machine's threads */
    Resources(Optional<Placement> device) {
        this.device = device;
    }

    /**
     * Opens something that owns resources from then on; if it cannot be opened, they are closed.
     *
     * @param device takes {@link #transformer} to a device; empty for this machine's threads
     * @throws IOException if a file cannot be read
     */
    public static <T> T opening(Optional<Placement> device, Opening<T> opening) throws IOException {
        Resources resources = new Resources(device);
        try {
            return opening.open(resources);
        } catch (IOException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /**
     * Opens something.
     *
     * @param <T> what is opened
     */
    public interface Opening<T> {
        /** Opens it, with whatever has to be closed after it in {@code resources}. */
        T open(Resources resources) throws IOException;
    }

    /**
     * Takes over something to close.
     *
     * @throws IllegalStateException if all is closed by now; then this is, too
     */
    public synchronized <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        if (closed) {
            closeOwned();
            throw new IllegalStateException("the model is closed");
        }
        return resource;
    }

    /** Memory that is given back with everything else, of whole cache lines. */
    public MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, ALIGNMENT);
    }

    /**
     * Loads a transformer and takes it to a device, if it is to be on one. It is closed before whatever was opened by now.
     *
     * @param checkpoint of its weights
     * @param loading makes it, with what makes its matrices ready
     * @throws NoDeviceException in one line if it has to be on a device that is not there, or that it does not fit on
     * @throws IllegalStateException in one line if a driver fails
     */
    public Transformer transformer(
            Checkpoint checkpoint, Kernels kernels, Function<WeightLoader, Transformer> loading) {
        return device.flatMap(there -> onDevice(there, checkpoint, kernels, loading))
                .orElseGet(() -> loading.apply(loader(checkpoint, kernels)));
    }

    private Optional<Transformer> onDevice(
            Placement there, Checkpoint checkpoint, Kernels kernels, Function<WeightLoader, Transformer> loading) {
        // Views cost nothing, so that what it needs is known before a byte is read.
        List<Matrix> matrices = new ArrayList<>();
        Transformer transformer = loading.apply(matrix -> {
            matrices.add(matrix);
            return kernels.view(matrix);
        });
        return there.place(transformer).map(stack -> {
            own(stack);
            requireFinite(checkpoint, matrices);
            return transformer.on(stack);
        });
    }

    /** How matrices of a transformer's heads are made ready: for the kernels, or for the device that computes it. */
    public WeightLoader loader(Checkpoint checkpoint, Transformer transformer) {
        if (!(transformer.stack() instanceof DeviceStack)) return loader(checkpoint, transformer.kernels());
        return matrix -> {
            requireFinite(checkpoint, List.of(matrix));
            return transformer.kernels().view(matrix);
        };
    }

    /** Refuses on a device what {@link #loader} refuses for the kernels. */
    private static void requireFinite(Checkpoint checkpoint, List<Matrix> matrices) {
        boolean small = isSmall(checkpoint);
        for (Matrix matrix : matrices) {
            if (small || matrix.dtype().isQuantised()) checkpoint.requireFinite(matrix);
        }
    }

    private static boolean isSmall(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                        .mapToLong(name -> checkpoint.tensor(name).elements())
                        .sum()
                <= PACK_ELEMENTS;
    }

    /**
     * How matrices of a checkpoint are made ready for the kernels. What is repacked, and so read as a whole, is refused
     * with a {@link sparrow.engine.weights.BadFileException} if it holds NaN or infinity.
     */
    public WeightLoader loader(Checkpoint checkpoint, Kernels kernels) {
        boolean small = isSmall(checkpoint);
        return matrix -> {
            if (!small && !matrix.dtype().isQuantised()) return kernels.view(matrix);
            checkpoint.requireFinite(matrix);
            return kernels.pack(matrix, arena);
        };
    }

    /**
     * Refuses to go on with files that are not what they were.
     *
     * @throws sparrow.engine.weights.BadFileException if one was cut or written to since it was opened
     */
    public void requireUnchanged() {
        for (AutoCloseable resource : owned) {
            if (resource instanceof Checkpoint checkpoint) checkpoint.requireUnchanged();
        }
    }

    /** Closes everything; does nothing from the second time on. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        closeOwned();
        arena.close();
    }

    private void closeOwned() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
