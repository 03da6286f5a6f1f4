package sparrow.tensor.kernel;

import sparrow.tensor.Matrix;

/** Makes a stored matrix ready for the kernels: packs it into memory, or views it where its file is mapped. */
@FunctionalInterface
public interface WeightLoader {
    /** The matrix as a weight; valid as long as the memory that it was loaded to. */
    Weight load(Matrix matrix);
}
