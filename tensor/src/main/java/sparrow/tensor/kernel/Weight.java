package sparrow.tensor.kernel;

import java.util.Optional;
import sparrow.tensor.Matrix;

/**
 * A weight matrix [rows, columns] in the layout that a {@link Kernels} reads: one row per output, one column per input.
 * Created by {@link Kernels#view} or {@link Kernels#pack} and only valid for the kernels that created it.
 */
public sealed interface Weight permits StoredWeight, PanelWeight, QuantisedWeight {
    /** Every layout can be sliced at multiples of this number of rows. */
    int ROW_GROUP = 64;

    /** Returns the number of outputs. */
    int rows();

    /** Returns the number of inputs. */
    int columns();

    /** Returns the number of bytes that one use of the matrix reads. */
    long bytes();

    /**
     * Returns a view of rows {@code from} (inclusive) to {@code to} (exclusive). Products with it are bit-identical to
     * those outputs of the whole weight.
     *
     * @param from a multiple of {@link #ROW_GROUP}
     * @param to a multiple of {@link #ROW_GROUP}, or the number of rows
     * @throws IllegalArgumentException if the weight cannot be sliced there
     */
    Weight rows(int from, int to);

    /** Returns the matrix if the weight is a view of it ({@link Kernels#view}); empty if the weight was repacked. */
    default Optional<Matrix> stored() {
        return Optional.empty();
    }
}
