package sparrow.tensor.kernel;

import java.util.Optional;
import sparrow.tensor.Matrix;

/** A weight that is read in place from the checkpoint's mapped file without a copy. */
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
