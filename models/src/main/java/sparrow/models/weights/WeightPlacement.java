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
 * Decides where the weights of a language model and its heads are stored: in memory in the kernels' layout, in the
 * mapped file, or on a device. Weights that are repacked are checked for NaN and infinity, which cause a
 * {@link sparrow.formats.BadFileException}.
 *
 * @param resources the owner of allocated memory
 * @param kernels the CPU kernels
 * @param device the placement of the layers on a device; if empty, they run on the CPU
 */
public record WeightPlacement(Resources resources, Kernels kernels, Optional<Placement> device) {
    /**
     * Maximum number of elements (256 MiB as bf16) in a checkpoint that is repacked to f32 in memory. Larger
     * checkpoints are read from the mapped file, except quantised matrices, which are repacked in their type.
     */
    private static final long PACK_ELEMENTS = 128L << 20;

    /**
     * Loads a transformer, and places it on the device if there is one.
     *
     * @param checkpoint the checkpoint that contains its weights
     * @param loading a function that creates the transformer with a loader that prepares its matrices
     * @throws NoDeviceException if the device is missing or too small
     * @throws IllegalStateException if a driver fails
     */
    public Transformer transformer(Checkpoint checkpoint, Function<WeightLoader, Transformer> loading) {
        return device.flatMap(placement -> onDevice(placement, checkpoint, loading))
                .orElseGet(() -> loading.apply(onCpu(checkpoint)));
    }

    private Optional<Transformer> onDevice(
            Placement placement, Checkpoint checkpoint, Function<WeightLoader, Transformer> loading) {
        // The views do not read the weights, so the required memory is known before any weight is read.
        List<Matrix> matrices = new ArrayList<>();
        Transformer transformer = loading.apply(matrix -> {
            matrices.add(matrix);
            return kernels.view(matrix);
        });
        return placement.place(transformer).map(stack -> {
            resources.own(stack);
            requireFinite(checkpoint, matrices);
            return transformer.on(stack);
        });
    }

    /** Returns a loader that places the matrices of heads where the transformer's layers are stored. */
    WeightLoader forHeads(Transformer transformer, Checkpoint checkpoint) {
        if (!(transformer.stack() instanceof DeviceStack)) return onCpu(checkpoint);
        return matrix -> {
            requireFinite(checkpoint, List.of(matrix));
            return kernels.view(matrix);
        };
    }

    /** Returns a loader that prepares matrices for the CPU kernels. */
    public WeightLoader onCpu(Checkpoint checkpoint) {
        boolean small = isSmall(checkpoint);
        return matrix -> {
            if (!small && !matrix.dtype().isQuantised()) return kernels.view(matrix);
            checkpoint.requireFinite(matrix);
            return kernels.pack(matrix, resources.memory());
        };
    }

    /** Checks the matrices that {@link #onCpu} would check, before they are copied to a device. */
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
