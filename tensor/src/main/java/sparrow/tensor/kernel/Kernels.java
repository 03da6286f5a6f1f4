package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import sparrow.tensor.Matrix;

/**
 * The arithmetic on f32 activations used by every network in the project. {@link ScalarKernels} is the readable
 * reference for tests; {@link VectorKernels} is used in production. Their results differ only by the order of summation
 * and the last bits of transcendental functions.
 *
 * <p>Unless documented otherwise, an operation is complete when it returns, runs on all threads of its
 * {@link ComputePool}, and may write to the block from which it reads. "Single-threaded" operations run on the calling
 * thread.
 */
public sealed interface Kernels permits ScalarKernels, VectorKernels, MeteredKernels {
    /**
     * Creates this machine's kernels, which run on the threads of {@code pool}. The system property
     * {@code sparrow.kernels=scalar} selects the reference kernels.
     *
     * @throws IllegalStateException if the Vector API is required but not available; the message is one line
     * @throws IllegalArgumentException if a system property is invalid; the message is one line
     */
    static Kernels create(ComputePool pool) {
        return create(pool, Optional.empty());
    }

    /**
     * Creates kernels in which {@code provider} computes linear layers with many rows, in the precision documented by
     * {@link MatrixProvider}. Prefill and audio networks have many rows; a decode step has few rows.
     *
     * @throws IllegalStateException if the Vector API is not available, or if the reference kernels are selected,
     *     because the reference kernels do not support providers; the message is one line
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
                SelfCheck.missing(SelfCheck.Jvm.vectorModule(), System.getProperty("java.version"))
                        .ifPresent(line -> {
                            throw new IllegalStateException(line);
                        });
                ReadOrder.forced();
                yield new VectorKernels(pool, provider);
            }
            case String other ->
                throw new IllegalArgumentException("-Dsparrow.kernels: expected vector or scalar, got " + other);
        };
    }

    /**
     * Returns kernels that delegate to the given kernels and report every product to {@code meter} for measurements.
     */
    static Kernels metered(Kernels kernels, KernelMeter meter) {
        return new MeteredKernels(kernels, meter);
    }

    /** Returns the threads on which the operations run. */
    ComputePool pool();

    /** Returns the vector width in bits, or 32 if the operations process one f32 at a time. */
    int vectorBits();

    /**
     * Returns the name of the arithmetic, which studies record because the last bits of results depend on it. The name
     * is {@code scalar}, or {@code vector-512x12} with the vector width in bits and the number of rows of the tallest
     * product tile. Suffixes identify a matrix provider ({@code vector-512x12+onednn-3.8.1-avx512_core_bf16}), a narrow
     * format of keys and values ({@code vector-512x12+kv-q8}), and a device that computes large layers
     * ({@code vector-512x12+opencl}). Machines with the same arithmetic compute bit-identical results.
     */
    String arithmetic();

    /**
     * Returns the format in which {@link #keyValues} stores numbers. It is f32 unless changed by {@link #withKvFormat}.
     */
    KvFormat kvFormat();

    /** Returns kernels that store keys and values in a format and share the threads and weights of these kernels. */
    Kernels withKvFormat(KvFormat format);

    /**
     * Returns kernels for decoding, which share the threads and weights of these kernels. Their results for a row do not
     * depend on the number of rows: every linear layer and {@link #attend} compute a row as if it were the only one. They
     * do not use the {@link #matrixProvider}.
     */
    Kernels decoding();

    /** Returns the provider that multiplies matrices with many rows, or empty if there is none. */
    default Optional<MatrixProvider> matrixProvider() {
        return Optional.empty();
    }

    /**
     * Returns a weight that reads a matrix in place without a copy. Such a weight is suitable for large matrices. The
     * checkpoint must stay open.
     */
    default Weight view(Matrix w) {
        return new StoredWeight(w);
    }

    /**
     * Returns a matrix repacked into these kernels' fastest f32 layout. Such a weight is suitable for frequently used
     * matrices.
     *
     * @param arena arena that owns the memory; must be shared or global because every thread of the pool reads the
     *     memory
     */
    Weight pack(Matrix w, Arena arena);

    /**
     * Returns a matrix repacked at its stored size, without widening 16-bit and quantised numbers. Such a weight is
     * suitable for products with many rows of activations, for which it is worthwhile to widen the matrix each time.
     * Linear layers produce the same results as with {@link #pack}, bit for bit unless the matrix is quantised.
     *
     * @param arena arena that owns the memory; must be shared or global because every thread of the pool reads the
     *     memory
     */
    Weight packAsStored(Matrix w, Arena arena);

    /**
     * Writes a weight's matrix, widened to f32.
     *
     * @param y block that receives the matrix, [w.rows, w.columns]
     */
    void unpack(Weight w, Block y);

    /**
     * Computes a linear layer, y[r, o] = bias[o] + sum over c of x[r, c] * w[o, c].
     *
     * @param x input, [rows, w.columns]; must not overlap y
     * @param bias bias, [w.rows], or null if there is none
     * @param y output, [rows, w.rows]
     */
    void linear(Block x, Weight w, float[] bias, Block y);

    /**
     * Computes several linear layers on the same input, with the same results as
     * {@link #linear(Block, Weight, float[], Block)}. An implementation can run them as one job, so that the pool's
     * threads synchronise once instead of once per layer.
     *
     * @param x input, [rows, inputs]; must not overlap an output
     * @param products layers, whose outputs must not overlap
     */
    default void linear(Block x, List<Product> products) {
        for (Product product : products) linear(x, product.weight(), product.bias(), product.y());
    }

    /** Multiplies activations by transposed activations, y[i, j] = sum over c of a[i, c] * b[j, c]. Single-threaded. */
    void multiplyTransposed(Block a, Block b, Block y);

    /** Multiplies activations, y[i, j] = sum over k of a[i, k] * b[k, j]. Single-threaded. */
    void multiply(Block a, Block b, Block y);

    /**
     * Creates an empty KV cache for one layer of one sequence, in the layout that {@link #attend} requires and in the
     * format {@link #kvFormat}.
     *
     * @param heads number of key heads
     * @param headWidth number of channels in a head
     */
    KvPanels keyValues(int heads, int headWidth);

    /**
     * Computes causal attention of consecutive positions of one sequence over one key head, for the query heads that
     * share it, mixed = softmax(scale * q k) v. Row r has the position {@code position + r} and attends to all
     * positions from 0 to its own position. Single-threaded.
     *
     * @param queries rotated query heads of the group, concatenated, [rows, group * headWidth]
     * @param cache keys and values up to at least the last row's position, in any format; must have been created by
     *     these kernels
     * @param head index of the key head, counted from 0
     * @param position position of the first row
     * @param mixed block that receives the result, [rows, group * headWidth]
     */
    default void attend(Block queries, KvPanels cache, int head, int position, float scale, Block mixed) {
        attend(queries, cache, head, position, Integer.MAX_VALUE, scale, mixed);
    }

    /**
     * Computes attention to a window of the newest positions, but otherwise like
     * {@link #attend(Block, KvPanels, int, int, float, Block)}.
     *
     * @param window maximum number of positions to which a row attends, including its own
     */
    void attend(Block queries, KvPanels cache, int head, int position, int window, float scale, Block mixed);

    /** Computes the root-mean-square norm of each row, y = weight * x / sqrt(mean(x^2) + epsilon). */
    void rmsNorm(Block x, float[] weight, float epsilon, Block y);

    /**
     * Computes the layer norm of each row, y = weight * (x - mean) / sqrt(variance + epsilon) + bias, where the
     * variance is divided by n.
     */
    void layerNorm(Block x, float[] weight, float[] bias, float epsilon, Block y);

    /**
     * Computes the group norm of one sequence. Columns are split into {@code groups} equal runs, and the mean and
     * variance (divided by n) of a run are computed over all rows. The result is y = weight * (x - mean) /
     * sqrt(variance + epsilon) + bias, with one weight and bias per column. There must be at least one row.
     */
    void groupNorm(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y);

    /** Computes the softmax of {@code n} values in place, after multiplying them by {@code scale}. Single-threaded. */
    void softmax(float[] x, int offset, int n, float scale);

    /** Computes y += factor * x for {@code n} values. Single-threaded. */
    void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n);

    /**
     * Rotates neighbouring channels 2j and 2j + 1 of one head, x[c] = x[c] * table[c] + x[c ^ 1] * table[n + c].
     * Single-threaded.
     *
     * @param n number of channels, which must be even
     * @param table rotation table, [2, n]
     */
    void rotateNeighbours(float[] x, int offset, int n, float[] table);

    /**
     * Rotates channels j and j + n/2 of one head, x[c] = x[c] * table[c] + x[partner of c] * table[n + c].
     * Single-threaded.
     *
     * @param n number of channels, which must be even
     * @param table rotation table, [2, n]
     */
    void rotateHalves(float[] x, int offset, int n, float[] table);

    /** Returns the inner product of {@code n} values. Single-threaded. */
    float dot(float[] a, int aOffset, float[] b, int bOffset, int n);

    /** Applies a function to {@code n} values in place. Single-threaded. */
    void apply(Activation activation, float[] x, int offset, int n);

    /** Applies a function to a block in place. */
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
     * Computes y += factor * x for blocks of the same size.
     *
     * @param x block without gaps between rows
     * @param y block without gaps between rows
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
     * Computes y += gate * x in each row, for blocks of the same size.
     *
     * @param gate factors of the columns, [columns]
     */
    void addGated(float[] gate, Block x, Block y);

    /** Computes SwiGLU's product, gate = silu(gate) * up, for {@code n} values. Single-threaded. */
    void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int n);

    /** Applies HiFT's Snake activation, x + sin(alpha x)^2 / (alpha + 1e-9), in place with one alpha per column. */
    void snake(Block x, float[] alpha);
}
