package sparrow.engine.kernel;

import java.util.List;
import java.util.Optional;
import sparrow.engine.tensor.Matrix;

/**
 * Another device that computes linear layers, each with its inputs brought there and its outputs brought back. {@link
 * Kernels#offloading} uses it where that takes less time than computing here. Weights are widened to f32 exactly, sums are
 * f32: each is within 2 n 2^-24 times the sum of the magnitudes of its n products of the exact one, where no number is
 * subnormal; a bias is added with one more rounding.
 *
 * <p>Safe for several threads, of which one is served at a time.
 */
public interface LinearOffload extends AutoCloseable {
    /** A matrix there. */
    interface Held {
        /** Some of its rows, in the same memory: from {@code from} (inclusive) to {@code to} (exclusive). */
        Held rows(int from, int to);
    }

    /**
     * A linear layer.
     *
     * @param weight held there, [outputs, inputs]
     * @param bias [outputs], or null for none
     * @param y what it is written to, [rows, outputs]
     */
    record Product(Held weight, float[] bias, Block y) {}

    /**
     * Copies a matrix there, where it stays until this is closed.
     *
     * @param w may be closed when this returns
     * @return empty if there is no room for it, or no arithmetic for its type
     */
    Optional<Held> hold(Matrix w);

    /**
     * Linear layers on the same input, as {@link Kernels#linear(Block, Weight, float[], Block)}; done when it returns.
     *
     * @param x [rows, inputs]; may not overlap an output
     * @param products of matrices that this holds, whose shapes fit
     * @throws IllegalStateException in one line if the device is gone, or this is closed
     */
    void linear(Block x, List<Product> products);

    /** What stands for it in {@link Kernels#arithmetic()}: {@code opencl}. */
    String arithmetic();

    /** Gives everything back; products are refused from then on. A second time it does nothing. */
    @Override
    void close();
}
