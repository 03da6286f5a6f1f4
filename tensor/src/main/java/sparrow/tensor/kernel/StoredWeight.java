package sparrow.tensor.kernel;

import java.util.Optional;
import sparrow.tensor.Matrix;

/** A weight read as the checkpoint stores it: nothing is copied, the file's pages are the memory. */
record StoredWeight(Matrix matrix) implements Weight {
    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int columns() {
        return matrix.columns();
    }

    @Override
    public long bytes() {
        return matrix.data().byteSize();
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        return new StoredWeight(matrix.slice(from, to));
    }

    @Override
    public Optional<Matrix> stored() {
        return Optional.of(matrix);
    }
}
