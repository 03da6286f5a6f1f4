package sparrow.models.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Function;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.KvFormat;
import sparrow.engine.kernel.WeightLoader;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.DeviceNeed;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.NoDeviceException;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.Checkpoint;

/** The memory and files of an open model: closed together, the last opened first. */
public final class Resources implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("sparrow.models");

    /**
     * Checkpoints of up to this many elements (256 MiB as bf16) are repacked into f32 memory; larger ones are read where
     * the file is mapped, unless their matrices are quantised: those are repacked as they are.
     */
    private static final long PACK_ELEMENTS = 128L << 20;

    private static final int ALIGNMENT = 64;

    private final Deque<AutoCloseable> owned = new ConcurrentLinkedDeque<>();
    private final Arena arena = Arena.ofShared();
    private final DeviceChoice choice;

    /** Where the transformer is; empty for the threads of this machine. */
    private Optional<SpeechDevice> speechDevice = Optional.empty();

    private boolean closed;

    /** @param choice where {@link #transformer} is to be computed */
    Resources(DeviceChoice choice) {
        this.choice = choice;
    }

    /**
     * Opens something that owns resources from then on; if it cannot be opened, they are closed.
     *
     * @param choice where {@link #transformer} is to be computed
     * @throws IOException if a file cannot be read
     */
    public static <T> T opening(DeviceChoice choice, Opening<T> opening) throws IOException {
        Resources resources = new Resources(choice);
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
     * Loads a transformer and takes it to the device that was chosen, if any. It is closed before whatever was opened by now.
     *
     * @param checkpoint of its weights
     * @param loading makes it, with what makes its matrices ready
     * @throws IllegalArgumentException in one line if a device was asked for that does not keep keys and values as the kernels do
     * @throws NoDeviceException in one line if a device was asked for that is not there, or that it does not fit on
     * @throws IllegalStateException in one line if a driver fails
     */
    public Transformer transformer(
            Checkpoint checkpoint, Kernels kernels, Function<WeightLoader, Transformer> loading) {
        Optional<DeviceChoice.Found> found = keepsOnDevice(kernels.kvFormat()) ? choice.find() : Optional.empty();
        if (found.isPresent()) {
            // Views cost nothing, so that what it needs is known before a byte is read.
            List<Matrix> matrices = new ArrayList<>();
            Transformer transformer = loading.apply(matrix -> {
                matrices.add(matrix);
                return kernels.view(matrix);
            });
            Optional<LayerStack> stack = choice.open(found.get(), transformer);
            if (stack.isPresent()) {
                speechDevice = stack.get()
                        .device()
                        .map(device -> new SpeechDevice(
                                new DeviceChoice.Found(found.get().provider(), device),
                                DeviceNeed.of(transformer),
                                passedOver()));
                LayerStack opened = own(stack.get());
                requireFinite(checkpoint, matrices);
                return transformer.on(opened);
            }
        }
        return loading.apply(loader(checkpoint, kernels));
    }

    /**
     * The kernels of networks of sound. Where the transformer is on a device that computes large linear layers faster, they
     * do so, too; it is opened once more by each call, and closed before whatever was opened by now.
     */
    public Kernels speechKernels(Kernels kernels) {
        return speechDevice.map(device -> device.kernels(kernels, this)).orElse(kernels);
    }

    private Consumer<String> passedOver() {
        return choice instanceof DeviceChoice.Auto(Consumer<String> passedOver)
                ? passedOver
                : line -> LOG.log(System.Logger.Level.DEBUG, line);
    }

    /** A device keeps keys and values as f32: whoever wants less of them, and asked for no device, gets none. */
    private boolean keepsOnDevice(KvFormat format) {
        if (format == KvFormat.F32 || choice instanceof DeviceChoice.Cpu) return true;
        String line = "keys and values are kept as f32 on a device, got " + format;
        if (!(choice instanceof DeviceChoice.Auto(Consumer<String> passedOver))) {
            throw new IllegalArgumentException("device " + choice + ": " + line + "; expected f32, or the device cpu");
        }
        passedOver.accept(DeviceChoice.PREFIX + line);
        return false;
    }

    /** How matrices of a transformer's heads are made ready: for the kernels, or for the device that computes it. */
    public WeightLoader loader(Checkpoint checkpoint, Transformer transformer) {
        if (transformer.stack().device().isEmpty()) return loader(checkpoint, transformer.kernels());
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
