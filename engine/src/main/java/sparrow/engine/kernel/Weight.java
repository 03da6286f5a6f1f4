package sparrow.engine.kernel;

/**
 * A weight matrix [rows, columns] in the layout that a {@link Kernels} reads: one row per output, one column per input.
 * Made by {@link Kernels#view} or {@link Kernels#pack} and good for the kernels that made it.
 */
public sealed interface Weight permits StoredWeight, PanelWeight, LaneWeight {
    /** Outputs. */
    int rows();

    /** Inputs. */
    int columns();

    /** Bytes that one use of the matrix reads. */
    long bytes();
}
