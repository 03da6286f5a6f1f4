package sparrow.tensor.kernel;

import sparrow.tensor.Matrix;

/** Prepares a stored matrix for the kernels by packing it into memory or creating a view of the mapped file. */
@FunctionalInterface
public interface WeightLoader {
    /** Returns the matrix as a weight, which is valid as long as its memory. */
    Weight load(Matrix matrix);
}
