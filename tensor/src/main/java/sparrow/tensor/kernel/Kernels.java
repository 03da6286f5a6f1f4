package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import sparrow.tensor.Matrix;

/**
 * The arithmetic of every network in the project, on f32 activations. {@link ScalarKernels} is the readable truth and
 * the oracle of the tests, {@link VectorKernels} is what runs. Both give the same results up to the order of summation
 * and the last bits of transcendental functions.
 *
 * <p>Unless said otherwise an operation is complete when it returns, uses the threads of its {@link ComputePool}, and
 * may write to the block that it reads from.
 */
public sealed interface Kernels permits ScalarKernels, VectorKernels, ForwardingKernels {
    /**
     * The kernels that fit this machine, on the threads of {@code pool}. The system property {@code sparrow.kernels}
     * set to {@code scalar} asks for the reference ones.
     *
     * @throws IllegalStateException in one line if the Vector API is needed and not there
     */
    static Kernels create(ComputePool pool) {
        return create(pool, Optional.empty());
    }

    /**
     * As {@link #create(ComputePool)}, but linear layers of many rows are multiplied by {@code provider}, in the precision
     * that {@link MatrixProvider} states. Prefill and audio networks have many rows; a decode step has few.
     *
     * @throws IllegalStateException in one line as well if the reference kernels are asked for, which take no provider
     */
    static Kernels create(ComputePool pool, MatrixProvider provider) {
        return create(pool, Optional.of(provider));
    }

    private static Kernels create(ComputePool pool, Optional<MatrixProvider> provider) {
        return switch (System.getProperty("sparrow.kernels", "vector")) {
            case "scalar" -> {
                provider.ifPresent(other -> {
                    throw new IllegalStateException(
                            "-Dsparrow.kernels=scalar: expected no matrix provider, got " + other.description());
                });
                yield new ScalarKernels(pool);
            }
            case "vector" -> {
                SelfCheck.missing(JvmInfo.vectorModule(), System.getProperty("java.version"))
                        .ifPresent(line -> {
                            throw new IllegalStateException(line);
                        });
                yield new VectorKernels(pool, provider);
            }
            case String other ->
                throw new IllegalStateException("-Dsparrow.kernels: expected vector or scalar, got " + other);
        };
    }

    /** Kernels that compute as these and tell of every product: for measurements. */
    static Kernels metered(Kernels kernels, KernelMeter meter) {
        return new MeteredKernels(kernels, meter);
    }

    /** The threads that the operations run on. */
    ComputePool pool();

    /** Width of the vectors that the operations compute with, in bits; 32 where they take one f32 at a time. */
    int vectorBits();

    /**
     * The name of the arithmetic that the last bits of results depend on, as runs keep it: {@code vector-512x12} with
     * the width of the vectors in bits and the rows of the tallest tile of a product, or {@code scalar}; with a
     * matrix provider also its own, {@code vector-512x12+onednn-3.8.1-avx512_core_bf16}, and where keys and values are
     * not kept as they are how, {@code vector-512x12+kv-q8}; where a device computes large layers its host,
     * {@code vector-512x12+opencl}. Machines of one arithmetic compute the same to the bit.
     */
    String arithmetic();

    /**
     * The format in which {@link #keyValues} keeps numbers; f32 unless other kernels were asked for with {@link
     * #keeping}.
     */
    KvFormat kvFormat();

    /** Kernels that compute as these, on the same threads and with weights of these, but keep keys and values in a format. */
    Kernels keeping(KvFormat format);

    /** The provider that multiplies matrices of many rows; empty if these kernels do it themselves. */
    default Optional<MatrixProvider> matrixProvider() {
        return Optional.empty();
    }

    /** A matrix to be read as it is stored: no copy, the checkpoint's memory must stay open. For large matrices. */
    default Weight view(Matrix w) {
        return new StoredWeight(w);
    }

    /**
     * A matrix repacked into this kernel's fastest f32 layout, for matrices in steady use.
     *
     * @param arena owns the memory; shared or global, since every thread of the pool reads it
     */
    Weight pack(Matrix w, Arena arena);

    /**
     * A matrix repacked without making it larger: 16-bit and quantised numbers stay as they are. For matrices of many rows of
     * activations, which are worth widening each time; linear layers give what those of {@link #pack} give, to the bit unless
     * quantised.
     *
     * @param arena owns the memory; shared or global, since every thread of the pool reads it
     */
    Weight packAsStored(Matrix w, Arena arena);

    /**
     * The matrix itself, widened to f32.
     *
     * @param y [w.rows, w.columns]
     */
    void unpack(Weight w, Block y);

    /**
     * Linear layer: y[r, o] = bias[o] + sum over c of x[r, c] * w[o, c].
     *
     * @param x [rows, w.columns]; may not overlap y
     * @param bias [w.rows], or null for none
     * @param y [rows, w.rows]
     */
    void linear(Block x, Weight w, float[] bias, Block y);

    /**
     * Several linear layers on the same input, each as {@link #linear(Block, Weight, float[], Block)} computes it. The
     * threads of the pool then meet once instead of once per layer, where an implementation makes one job of them.
     *
     * @param x [rows, inputs]; may not overlap an output
     * @param products their outputs may not overlap one another
     */
    default void linear(Block x, List<Product> products) {
        for (Product product : products) linear(x, product.weight(), product.bias(), product.y());
    }

    /** Product of activations with transposed activations: y[i, j] = sum over c of a[i, c] * b[j, c]. One thread. */
    void multiplyTransposed(Block a, Block b, Block y);

    /** Product of activations: y[i, j] = sum over k of a[i, k] * b[k, j]. One thread. */
    void multiply(Block a, Block b, Block y);

    /**
     * Empty memory for the keys and values of one layer of one sequence, in the layout that {@link #attend} reads and in
     * the format {@link #kvFormat}.
     *
     * @param heads key heads
     * @param headWidth channels of a head
     */
    KvPanels keyValues(int heads, int headWidth);

    /**
     * Causal attention of consecutive positions of one sequence over one key head, for the query heads that it serves:
     * mixed = softmax(scale * q k) v. Row r stands at {@code position + r} and sees the positions from 0 to its own. One
     * thread.
     *
     * @param queries [rows, group * headWidth]: the query heads of the group side by side, rotated
     * @param cache keys and values up to the last row's position at least, made by these kernels, in any
     *     format
     * @param head key head, from 0
     * @param position of the first row
     * @param mixed [rows, group * headWidth]
     */
    void attend(Block queries, KvPanels cache, int head, int position, float scale, Block mixed);

    /** Root-mean-square norm of each row: y = weight * x / sqrt(mean(x^2) + epsilon). */
    void rmsNorm(Block x, float[] weight, float epsilon, Block y);

    /** Layer norm of each row: y = weight * (x - mean) / sqrt(variance + epsilon) + bias, variance over n. */
    void layerNorm(Block x, float[] weight, float[] bias, float epsilon, Block y);

    /**
     * Group norm of one sequence: columns are split into {@code groups} equal runs, mean and variance (over n) of a run
     * are taken over all rows, then y = weight * (x - mean) / sqrt(variance + epsilon) + bias with one weight and bias
     * per column. At least one row.
     */
    void groupNorm(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y);

    /** Softmax of n values in place, after multiplying them by {@code scale}. One thread. */
    void softmax(float[] x, int offset, int n, float scale);

    /** y += factor * x over n values. One thread. */
    void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n);

    /**
     * Turns neighbouring channels 2j and 2j + 1 of one head: x[c] = x[c] * table[c] + x[c ^ 1] * table[n + c]. One thread.
     *
     * @param n channels, even
     * @param table [2, n]
     */
    void rotateNeighbours(float[] x, int offset, int n, float[] table);

    /**
     * Turns channels j and j + n/2 of one head: x[c] = x[c] * table[c] + x[partner of c] * table[n + c]. One thread.
     *
     * @param n channels, even
     * @param table [2, n]
     */
    void rotateHalves(float[] x, int offset, int n, float[] table);

    /** Inner product of n values. One thread. */
    float dot(float[] a, int aOffset, float[] b, int bOffset, int n);

    /** Applies a function to n values in place. One thread. */
    void apply(Activation activation, float[] x, int offset, int n);

    /** Applies a function to a whole block in place. */
    default void apply(Activation activation, Block x) {
        int rowsPerPiece = Math.max(1, 4096 / Math.max(1, x.columns()));
        pool().forEach(Math.ceilDiv(x.rows(), rowsPerPiece), piece -> {
            int first = piece * rowsPerPiece;
            int rows = Math.min(rowsPerPiece, x.rows() - first);
            if (x.stride() == x.columns()) {
                apply(activation, x.data(), x.row(first), rows * x.columns());
            } else {
                for (int r = first; r < first + rows; r++) apply(activation, x.data(), x.row(r), x.columns());
            }
        });
    }

    /**
     * y += factor * x over whole blocks of one size.
     *
     * @param x whose rows have no gaps between them
     * @param y likewise
     */
    default void addScaled(float factor, Block x, Block y) {
        Shapes.addScaled(x, y);
        int size = x.rows() * x.columns();
        int piece = 1 << 14;
        pool().forEach(Math.ceilDiv(size, piece), size, p -> {
            int from = p * piece;
            addScaled(factor, x.data(), x.offset() + from, y.data(), y.offset() + from, Math.min(piece, size - from));
        });
    }

    /**
     * y += gate * x at each row, over blocks of one size.
     *
     * @param gate factor of each column, [columns]
     */
    void addGated(float[] gate, Block x, Block y);

    /** SwiGLU's product: gate = silu(gate) * up, over n values. One thread. */
    void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int n);

    /** Snake activation with one alpha per column: x + sin(alpha x)^2 / (alpha + 1e-9), in place (HiFT). */
    void snake(Block x, float[] alpha);
}
