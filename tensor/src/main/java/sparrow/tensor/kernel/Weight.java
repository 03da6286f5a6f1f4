package sparrow.tensor.kernel;

import java.util.Optional;
import sparrow.tensor.Matrix;

/**
 * A weight matrix [rows, columns] in the layout that {@link Kernels} reads, with one row per output and one column per
 * input. It is created by {@link Kernels#view} or {@link Kernels#pack} and is valid only for the kernels that created
 * it.
 */
public sealed interface Weight permits StoredWeight, PanelWeight, QuantisedWeight {
    /** Number of rows at whose multiples every layout can be sliced. */
    int ROW_GROUP = 64;

    /** Returns the number of outputs. */
    int rows();

    /** Returns the number of inputs. */
    int columns();

    /** Returns the number of bytes that one use of the matrix reads. */
    long bytes();

    /**
     * Returns a view of rows {@code from} (inclusive) to {@code to} (exclusive). Products with the view are
     * bit-identical to the corresponding outputs of the entire weight.
     *
     * @param from first row, which must be a multiple of {@link #ROW_GROUP}
     * @param to end row, which must be a multiple of {@link #ROW_GROUP} or the number of rows
     * @throws IllegalArgumentException if the weight cannot be sliced at these rows
     */
    Weight rows(int from, int to);

    /** Returns the matrix if the weight is a view of it ({@link Kernels#view}), or empty if the weight was repacked. */
    default Optional<Matrix> stored() {
        return Optional.empty();
    }
}
