package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/** Kernels that use the Vector API. Matrix products use {@link PanelProducts} or, for few rows, dot products. */
final class VectorKernels implements Kernels {
    /** Minimum number of rows for which packing a stored f32 matrix is faster than reading it in place. */
    private static final int PACK_ROWS = 12;

    /**
     * Maximum number of rows for which a quantised weight is multiplied directly. For more rows, it is first unpacked
     * to f32.
     */
    static final int LANE_ROWS = 12;

    /**
     * Maximum number of rows for which a stored 16-bit matrix is read in place. For more rows, packing it is faster.
     */
    private static final int HALF_ROWS = 64;

    /** Number of matrix rows per piece of a product with a stored matrix. */
    private static final int MATRIX_ROWS = 16;

    private static final VectorShuffle<Float> NEIGHBOUR = VectorShuffle.fromOp(Lanes.F32, lane -> lane ^ 1);

    private final ComputePool pool;

    /** Implementation of products with many rows, or empty if Java computes them. */
    private final Optional<ProvidedLinear> provided;

    private final KvFormat kvFormat;

    /** True if results for a row must not depend on the number of rows; see {@link Kernels#decoding}. */
    private final boolean decoding;

    private final PanelProducts panels;
    private final TileAttention attention = new TileAttention(this);

    VectorKernels(ComputePool pool) {
        this(pool, Optional.empty());
    }

    VectorKernels(ComputePool pool, Optional<MatrixProvider> provider) {
        this(pool, provider, KvFormat.F32, false);
    }

    private VectorKernels(ComputePool pool, Optional<MatrixProvider> provider, KvFormat kvFormat, boolean decoding) {
        this.pool = pool;
        this.panels = new PanelProducts(pool);
        this.provided = provider.map(matrices -> new ProvidedLinear(matrices, pool));
        this.kvFormat = kvFormat;
        this.decoding = decoding;
    }

    @Override
    public ComputePool pool() {
        return pool;
    }

    @Override
    public int vectorBits() {
        return Lanes.F32.vectorBitSize();
    }

    @Override
    public String arithmetic() {
        return "vector-" + vectorBits() + "x" + Tiles.TALL
                + provided.map(linear -> "+" + linear.provider().arithmetic()).orElse("")
                + kvFormat.arithmetic();
    }

    @Override
    public KvFormat kvFormat() {
        return kvFormat;
    }

    @Override
    public Kernels withKvFormat(KvFormat format) {
        return new VectorKernels(pool, matrixProvider(), format, decoding);
    }

    @Override
    public Kernels decoding() {
        return new VectorKernels(pool, Optional.empty(), kvFormat, true);
    }

    @Override
    public Optional<MatrixProvider> matrixProvider() {
        return provided.map(ProvidedLinear::provider);
    }

    @Override
    public Weight pack(Matrix w, Arena arena) {
        return w.dtype().isQuantised() ? QuantisedPacking.pack(w, arena, pool) : PanelWeight.pack(w, arena, pool);
    }

    @Override
    public Weight packAsStored(Matrix w, Arena arena) {
        boolean halves = w.dtype() == DType.BF16 || w.dtype() == DType.F16;
        return halves ? PanelWeight.packHalves(w, arena, pool) : pack(w, arena);
    }

    @Override
    public void unpack(Weight w, Block y) {
        Shapes.unpack(w, y);
        switch (w) {
            case StoredWeight(Matrix matrix) -> pool.forEach(matrix.rows(), r -> matrix.row(r, y.data(), y.row(r)));
            case PanelWeight packed -> panels.unpack(packed, y);
            case QuantisedWeight quantised -> panels.unpack(quantised, y);
        }
    }

    @Override
    public void linear(Block x, Weight w, float[] bias, Block y) {
        Shapes.linear(x, w, bias, y);
        if (provided.isPresent() && provided.get().accepts(x.rows(), w)) {
            provided.get().linear(x, w, bias, y);
            return;
        }
        switch (w) {
            case PanelWeight _ -> panels.linear(x, List.of(new Product(w, bias, y)));
            case QuantisedWeight _
            when decoding || x.rows() <= LANE_ROWS -> QuantisedLinear.linear(x, List.of(new Product(w, bias, y)), pool);
            case QuantisedWeight quantised -> panels.unpacking(x, quantised, bias, y);
            case StoredWeight _
            when (decoding || x.rows() <= HALF_ROWS) && Float16Linear.accepts(w) ->
                Float16Linear.linear(x, List.of(new Product(w, bias, y)), pool);
            case StoredWeight(Matrix matrix) when decoding || x.rows() < PACK_ROWS -> rowByRow(x, matrix, bias, y);
            case StoredWeight(Matrix matrix) -> panels.packing(x, matrix, bias, y);
        }
    }

    /**
     * Multiplies a stored matrix of f32 or quantised numbers by a few rows. Each matrix row is widened to f32 once, in
     * a scratch row that stays in the first-level cache, and multiplied by every row of activations. The file is read
     * once for all rows, so additional rows are inexpensive.
     */
    private void rowByRow(Block x, Matrix w, float[] bias, Block y) {
        pool.forEach(Math.ceilDiv(w.rows(), MATRIX_ROWS), piece -> {
            float[] row = new float[w.columns()];
            int end = Math.min(w.rows(), (piece + 1) * MATRIX_ROWS);
            for (int o = piece * MATRIX_ROWS; o < end; o++) {
                // Rows are widened one number at a time. Vector code would shorten the products, but add to the JIT's
                // work while a model is opened.
                w.row(o, row, 0);
                for (int r = 0; r < x.rows(); r++) {
                    float sum = VectorMath.dot(x.data(), x.row(r), row, 0, row.length);
                    y.data()[y.row(r) + o] = bias == null ? sum : sum + bias[o];
                }
            }
        });
    }

    @Override
    public void linear(Block x, List<Product> products) {
        boolean lanes = (decoding || x.rows() <= LANE_ROWS) && all(products, w -> w instanceof QuantisedWeight);
        boolean halves = (decoding || x.rows() <= HALF_ROWS) && all(products, Float16Linear::accepts);
        boolean packed = all(products, w -> w instanceof PanelWeight);
        // A provider computes layers separately.
        boolean separate = provided.isPresent() && provided.get().accepts(x.rows());
        if (separate || !lanes && !halves && !packed) {
            Kernels.super.linear(x, products);
            return;
        }
        for (Product product : products) Shapes.linear(x, product.weight(), product.bias(), product.y());
        if (packed) {
            panels.linear(x, products);
            return;
        }
        if (lanes) QuantisedLinear.linear(x, products, pool);
        else Float16Linear.linear(x, products, pool);
    }

    private static boolean all(List<Product> products, Predicate<Weight> kind) {
        return products.stream().map(Product::weight).allMatch(kind);
    }

    @Override
    public void multiplyTransposed(Block a, Block b, Block y) {
        Shapes.multiplyTransposed(a, b, y);
        panels.multiplyTransposed(a, b, y);
    }

    @Override
    public void multiply(Block a, Block b, Block y) {
        Shapes.multiply(a, b, y);
        panels.multiply(a, b, y);
    }

    @Override
    public KvPanels keyValues(int heads, int headWidth) {
        return new KvPanels(heads, headWidth, Lanes.PANEL, kvFormat);
    }

    @Override
    public void attend(Block queries, KvPanels cache, int head, int position, int window, float scale, Block mixed) {
        Shapes.attend(queries, cache, head, position, mixed, Lanes.PANEL);
        attention.attend(queries, cache, head, position, window, scale, mixed);
    }

    @Override
    public void rmsNorm(Block x, float[] weight, float epsilon, Block y) {
        Shapes.norm(x, weight, y);
        VectorNorms.rms(x, weight, epsilon, y, pool);
    }

    @Override
    public void layerNorm(Block x, float[] weight, float[] bias, float epsilon, Block y) {
        Shapes.layerNorm(x, weight, bias, y);
        VectorNorms.layer(x, weight, bias, epsilon, y, pool);
    }

    @Override
    public void groupNorm(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y) {
        Shapes.groupNorm(x, groups, weight, y);
        VectorNorms.group(x, groups, weight, bias, epsilon, y, pool);
    }

    @Override
    public void softmax(float[] x, int offset, int n, float scale) {
        float largest = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (n >= Lanes.COUNT) {
            FloatVector highest = FloatVector.broadcast(Lanes.F32, largest);
            for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
                highest = highest.max(
                        FloatVector.fromArray(Lanes.F32, x, offset + i).mul(scale));
            }
            largest = VectorMath.max(highest);
        }
        for (; i < n; i++) largest = Math.max(largest, x[offset + i] * scale);
        FloatVector sums = FloatVector.zero(Lanes.F32);
        i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            FloatVector e = VectorMath.exp(
                    FloatVector.fromArray(Lanes.F32, x, offset + i).mul(scale).sub(largest));
            e.intoArray(x, offset + i);
            sums = sums.add(e);
        }
        float sum = VectorMath.sum(sums);
        for (; i < n; i++) {
            x[offset + i] = (float) Math.exp(x[offset + i] * scale - largest);
            sum += x[offset + i];
        }
        multiply(x, offset, n, 1 / sum);
    }

    @Override
    public void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        int i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.F32, x, xOffset + i)
                    .mul(factor)
                    .add(FloatVector.fromArray(Lanes.F32, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        for (; i < n; i++) y[yOffset + i] += factor * x[xOffset + i];
    }

    @Override
    public void rotateNeighbours(float[] x, int offset, int n, float[] table) {
        int c = 0;
        for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.F32, x, offset + c);
            rotated(v, v.rearrange(NEIGHBOUR), table, c, n).intoArray(x, offset + c);
        }
        for (; c < n; c += 2) ScalarKernels.rotate(x, offset, c, c + 1, n, table);
    }

    @Override
    public void rotateHalves(float[] x, int offset, int n, float[] table) {
        int half = n / 2;
        int c = 0;
        for (; c < Lanes.F32.loopBound(half); c += Lanes.COUNT) {
            FloatVector a = FloatVector.fromArray(Lanes.F32, x, offset + c);
            FloatVector b = FloatVector.fromArray(Lanes.F32, x, offset + half + c);
            rotated(a, b, table, c, n).intoArray(x, offset + c);
            rotated(b, a, table, half + c, n).intoArray(x, offset + half + c);
        }
        for (; c < half; c++) ScalarKernels.rotate(x, offset, c, c + half, n, table);
    }

    /** Rotates a vector of channels with two products and a sum for each channel, as in the reference. */
    private static FloatVector rotated(FloatVector v, FloatVector partner, float[] table, int c, int n) {
        FloatVector own = v.mul(FloatVector.fromArray(Lanes.F32, table, c));
        return own.add(partner.mul(FloatVector.fromArray(Lanes.F32, table, n + c)));
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        return VectorMath.dot(a, aOffset, b, bOffset, n);
    }

    @Override
    public void apply(Activation activation, float[] x, int offset, int n) {
        int done = VectorActivations.apply(activation, x, offset, n);
        for (int i = done; i < n; i++) x[offset + i] = (float) activation.apply(x[offset + i]);
    }

    @Override
    public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int n) {
        int i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            VectorActivations.silu(FloatVector.fromArray(Lanes.F32, gate, gateOffset + i))
                    .mul(FloatVector.fromArray(Lanes.F32, up, upOffset + i))
                    .intoArray(gate, gateOffset + i);
        }
        for (; i < n; i++) {
            gate[gateOffset + i] = (float) Activation.SILU.apply(gate[gateOffset + i]) * up[upOffset + i];
        }
    }

    @Override
    public void addGated(float[] gate, Block x, Block y) {
        Shapes.addGated(gate, x, y);
        x.forEachRow(pool, r -> {
            int n = x.columns();
            int c = 0;
            for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.F32, x.data(), x.row(r) + c)
                        .mul(FloatVector.fromArray(Lanes.F32, gate, c))
                        .add(FloatVector.fromArray(Lanes.F32, y.data(), y.row(r) + c))
                        .intoArray(y.data(), y.row(r) + c);
            }
            for (; c < n; c++) y.data()[y.row(r) + c] += gate[c] * x.data()[x.row(r) + c];
        });
    }

    @Override
    public void snake(Block x, float[] alpha) {
        Shapes.snake(x, alpha);
        x.forEachRow(pool, r -> {
            int n = x.columns();
            int c = 0;
            for (; c < Lanes.F32.loopBound(n); c += Lanes.COUNT) {
                FloatVector a = FloatVector.fromArray(Lanes.F32, alpha, c);
                FloatVector v = FloatVector.fromArray(Lanes.F32, x.data(), x.row(r) + c);
                VectorMath.sineSquared(v.mul(a)).div(a.add(1e-9f)).add(v).intoArray(x.data(), x.row(r) + c);
            }
            for (; c < n; c++) {
                float v = x.data()[x.row(r) + c];
                float sine = (float) Math.sin(alpha[c] * v);
                x.data()[x.row(r) + c] = v + sine * sine / (alpha[c] + 1e-9f);
            }
        });
    }

    private static void multiply(float[] x, int offset, int n, float factor) {
        int i = 0;
        for (; i < Lanes.F32.loopBound(n); i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.F32, x, offset + i).mul(factor).intoArray(x, offset + i);
        }
        for (; i < n; i++) x[offset + i] *= factor;
    }
}
