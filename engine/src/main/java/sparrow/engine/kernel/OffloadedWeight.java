package sparrow.engine.kernel;

import java.util.Optional;
import sparrow.engine.tensor.Matrix;

/**
 * A weight that is held twice: for few rows and for whatever else reads it here, for many rows on a device.
 *
 * @param here as the kernels of this machine have it
 * @param there the same rows on the device
 */
record OffloadedWeight(Weight here, LinearOffload.Held there) implements Weight {
    @Override
    public int rows() {
        return here.rows();
    }

    @Override
    public int columns() {
        return here.columns();
    }

    @Override
    public long bytes() {
        return here.bytes();
    }

    @Override
    public Weight rows(int from, int to) {
        return new OffloadedWeight(here.rows(from, to), there.rows(from, to));
    }

    @Override
    public Optional<Matrix> stored() {
        return here.stored();
    }
}
