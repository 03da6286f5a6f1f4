package sparrow.engine.kernel;

import sparrow.engine.tensor.DType;

/**
 * A weight of random numbers that lie nowhere on this machine: a device that layers are opened on makes them itself, of a
 * spread that keeps activations as large as in a trained model. For measuring; the kernels of this machine refuse it.
 *
 * @param type of its numbers
 * @param rows outputs
 * @param columns inputs
 * @param seed of the whole matrix; every matrix of a model has one of its own
 * @param first row of the whole that this part begins with
 */
public record RandomWeight(DType type, int rows, int columns, int seed, int first) implements Weight {
    /** A whole matrix. */
    public RandomWeight(DType type, int rows, int columns, int seed) {
        this(type, rows, columns, seed, 0);
    }

    @Override
    public long bytes() {
        return rows * type.bytes(columns);
    }

    @Override
    public Weight rows(int from, int to) {
        Shapes.rows(this, from, to);
        return new RandomWeight(type, to - from, columns, seed, first + from);
    }

    /** What kernels of this machine say. */
    IllegalArgumentException nowhere() {
        return new IllegalArgumentException(
                "random weight of " + rows + " x " + columns + " " + type + ": its numbers are made on a device alone");
    }
}
