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
 * Decides where the weights of a language model and its heads are stored: in memory in the layout of the kernels, in
 * the mapped file, or on a device. Weights that are repacked are checked for NaN and infinity, which throw a {@link
 * sparrow.formats.BadFileException}.
 *
 * @param resources owner of allocated memory
 * @param kernels CPU kernels
 * @param device places the layers on a device; if empty, they run on the CPU
 */
public record WeightPlacement(Resources resources, Kernels kernels, Optional<Placement> device) {
    /**
     * Checkpoints of up to this many elements (256 MiB as bf16) are repacked to f32 in memory. Larger ones are read
     * from the mapped file, except quantised matrices, which are repacked in their type.
     */
    private static final long PACK_ELEMENTS = 128L << 20;

    /**
     * Loads a transformer and places it on the device if there is one.
     *
     * @param checkpoint checkpoint of its weights
     * @param loading creates the transformer with a loader that prepares its matrices
     * @throws NoDeviceException if the device is missing or too small
     * @throws IllegalStateException if a driver fails
     */
    public Transformer transformer(Checkpoint checkpoint, Function<WeightLoader, Transformer> loading) {
        return device.flatMap(placement -> onDevice(placement, checkpoint, loading))
                .orElseGet(() -> loading.apply(onCpu(checkpoint)));
    }

    private Optional<Transformer> onDevice(
            Placement placement, Checkpoint checkpoint, Function<WeightLoader, Transformer> loading) {
        // Views do not read the weights, so the required memory is known before anything is read.
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

    /** Returns a loader that prepares matrices of heads where the transformer's layers are. */
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

    /** Checks for a device the matrices that {@link #onCpu} checks. */
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
