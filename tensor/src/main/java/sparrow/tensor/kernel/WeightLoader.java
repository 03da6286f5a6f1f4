package sparrow.tensor.kernel;

import sparrow.tensor.Matrix;

/** Prepares a stored matrix for the kernels: packs it into memory, or creates a view of the mapped file. */
@FunctionalInterface
public interface WeightLoader {
    /** Returns the matrix as a weight, which is valid as long as the memory that contains it. */
    Weight load(Matrix matrix);
}
