package sparrow.tensor.kernel;

import java.util.Optional;
import sparrow.tensor.Matrix;

/**
 * A weight matrix [rows, columns] in the layout that a {@link Kernels} reads: one row per output, one column per input.
 * Made by {@link Kernels#view} or {@link Kernels#pack} and good for the kernels that made it.
 */
public sealed interface Weight permits StoredWeight, PanelWeight, QuantisedWeight {
    /** Rows between which every layout can be cut. */
    int ROW_GROUP = 64;

    /** Outputs. */
    int rows();

    /** Inputs. */
    int columns();

    /** Bytes that one use of the matrix reads. */
    long bytes();

    /**
     * Rows {@code from} (inclusive) to {@code to} (exclusive) in the same memory: a layer with these outputs alone, whose
     * values are those of the whole to the bit.
     *
     * @param from a multiple of {@link #ROW_GROUP}
     * @param to a multiple of {@link #ROW_GROUP}, or the number of rows
     * @throws IllegalArgumentException if the rows cannot be cut there
     */
    Weight rows(int from, int to);

    /** The matrix itself where the weight is a view of it ({@link Kernels#view}); empty where it was repacked. */
    default Optional<Matrix> stored() {
        return Optional.empty();
    }
}
