package sparrow.models.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.device.Placement;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.Checkpoint;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/**
 * The places of the weights of a language model and its heads: memory in the layout of the kernels, the mapped file, or a device.
 * Weights that are repacked, and so read as a whole, are refused with a {@link sparrow.formats.weights.BadFileException} if they hold
 * NaN or infinity.
 *
 * @param resources own what is allocated
 * @param kernels compute on this machine
 * @param device takes the layers to a device; empty for this machine's threads
 */
public record WeightPlacement(Resources resources, Kernels kernels, Optional<Placement> device) {
    /**
     * Checkpoints of up to this many elements (256 MiB as bf16) are repacked into f32 memory; larger ones are read where
     * the file is mapped, unless their matrices are quantised: those are repacked as they are.
     */
    private static final long PACK_ELEMENTS = 128L << 20;

    /**
     * Loads a transformer, and takes it to the device if there is one. The transformer is closed before all that was opened earlier.
     *
     * @param checkpoint of its weights
     * @param loading makes it, with a loader that makes its matrices ready
     * @throws NoDeviceException in one line if it has to be on a device that is not there, or that it does not fit on
     * @throws IllegalStateException in one line if a driver fails
     */
    public Transformer transformer(Checkpoint checkpoint, Function<WeightLoader, Transformer> loading) {
        return device.flatMap(there -> onDevice(there, checkpoint, loading))
                .orElseGet(() -> loading.apply(here(checkpoint)));
    }

    private Optional<Transformer> onDevice(
            Placement there, Checkpoint checkpoint, Function<WeightLoader, Transformer> loading) {
        // Views cost nothing, so that what it needs is known before a byte is read.
        List<Matrix> matrices = new ArrayList<>();
        Transformer transformer = loading.apply(matrix -> {
            matrices.add(matrix);
            return kernels.view(matrix);
        });
        return there.place(transformer).map(stack -> {
            resources.own(stack);
            requireFinite(checkpoint, matrices);
            return transformer.on(stack);
        });
    }

    /** Makes matrices of heads ready in the place of the transformer's layers. */
    WeightLoader beside(Transformer transformer, Checkpoint checkpoint) {
        if (!(transformer.stack() instanceof DeviceStack)) return here(checkpoint);
        return matrix -> {
            requireFinite(checkpoint, List.of(matrix));
            return kernels.view(matrix);
        };
    }

    /** Makes matrices ready for the kernels of this machine, wherever the layers are. */
    public WeightLoader here(Checkpoint checkpoint) {
        boolean small = isSmall(checkpoint);
        return matrix -> {
            if (!small && !matrix.dtype().isQuantised()) return kernels.view(matrix);
            checkpoint.requireFinite(matrix);
            return kernels.pack(matrix, resources.memory());
        };
    }

    /** Refuses on a device what {@link #here} refuses for the kernels. */
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
}
