package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import sparrow.tensor.Matrix;

/**
 * Kernels that delegate to other kernels and report the time of every product. Norms, activations and sums are not
 * reported.
 */
record MeteredKernels(Kernels kernels, KernelMeter meter) implements Kernels {
    @Override
    public void linear(Block x, Weight w, float[] bias, Block y) {
        long start = System.nanoTime();
        kernels.linear(x, w, bias, y);
        report(KernelMeter.Kind.LINEAR, x.rows(), w.rows(), w.columns(), w.bytes() + touched(x) + touched(y), start);
    }

    @Override
    public void linear(Block x, List<Product> products) {
        long start = System.nanoTime();
        kernels.linear(x, products);
        int columns = 0;
        long bytes = touched(x);
        for (Product product : products) {
            columns += product.weight().rows();
            bytes += product.weight().bytes() + touched(product.y());
        }
        if (!products.isEmpty()) report(KernelMeter.Kind.LINEAR, x.rows(), columns, x.columns(), bytes, start);
    }

    @Override
    public void multiplyTransposed(Block a, Block b, Block y) {
        long start = System.nanoTime();
        kernels.multiplyTransposed(a, b, y);
        long bytes = touched(a) + touched(b) + touched(y);
        report(KernelMeter.Kind.ACTIVATIONS, a.rows(), b.rows(), a.columns(), bytes, start);
    }

    @Override
    public void multiply(Block a, Block b, Block y) {
        long start = System.nanoTime();
        kernels.multiply(a, b, y);
        long bytes = touched(a) + touched(b) + touched(y);
        report(KernelMeter.Kind.ACTIVATIONS, a.rows(), b.columns(), a.columns(), bytes, start);
    }

    @Override
    public void attend(Block queries, KvPanels cache, int head, int position, int window, float scale, Block mixed) {
        long start = System.nanoTime();
        kernels.attend(queries, cache, head, position, window, scale, mixed);
        long nanos = System.nanoTime() - start;
        int rows = queries.rows();
        // Row r attends to position + r + 1 positions, limited by the window. One product multiplies the keys of these
        // positions, and another multiplies the values.
        long seen = 0;
        for (int r = 0; r < rows; r++) seen += Math.min(window, position + r + 1);
        long operations = 4 * seen * queries.columns();
        long read = Math.min(position + rows, (long) window + rows - 1);
        long cached = 2L * read * cache.format().bytes(cache.headWidth());
        meter.record(
                new KernelMeter.Product(
                        KernelMeter.Kind.CACHE,
                        rows,
                        queries.columns(),
                        (int) (seen / rows),
                        operations,
                        cached + touched(queries) + touched(mixed)),
                nanos);
    }

    private void report(KernelMeter.Kind kind, int rows, int columns, int depth, long bytes, long start) {
        long nanos = System.nanoTime() - start;
        meter.record(new KernelMeter.Product(kind, rows, columns, depth, 2L * rows * columns * depth, bytes), nanos);
    }

    /** Returns the number of bytes in a block. Overlapping rows, as in a convolution, are counted once. */
    private static long touched(Block x) {
        long elements = x.stride() < x.columns()
                ? (long) (x.rows() - 1) * x.stride() + x.columns()
                : (long) x.rows() * x.columns();
        return elements * Float.BYTES;
    }

    @Override
    public Kernels decoding() {
        return new MeteredKernels(kernels.decoding(), meter);
    }

    @Override
    public Kernels withKvFormat(KvFormat format) {
        return new MeteredKernels(kernels.withKvFormat(format), meter);
    }

    // All other operations are delegated.

    @Override
    public ComputePool pool() {
        return kernels.pool();
    }

    @Override
    public int vectorBits() {
        return kernels.vectorBits();
    }

    @Override
    public String arithmetic() {
        return kernels.arithmetic();
    }

    @Override
    public Optional<MatrixProvider> matrixProvider() {
        return kernels.matrixProvider();
    }

    @Override
    public Weight view(Matrix w) {
        return kernels.view(w);
    }

    @Override
    public Weight pack(Matrix w, Arena arena) {
        return kernels.pack(w, arena);
    }

    @Override
    public Weight packAsStored(Matrix w, Arena arena) {
        return kernels.packAsStored(w, arena);
    }

    @Override
    public void unpack(Weight w, Block y) {
        kernels.unpack(w, y);
    }

    @Override
    public KvFormat kvFormat() {
        return kernels.kvFormat();
    }

    @Override
    public KvPanels keyValues(int heads, int headWidth) {
        return kernels.keyValues(heads, headWidth);
    }

    @Override
    public void rmsNorm(Block x, float[] weight, float epsilon, Block y) {
        kernels.rmsNorm(x, weight, epsilon, y);
    }

    @Override
    public void layerNorm(Block x, float[] weight, float[] bias, float epsilon, Block y) {
        kernels.layerNorm(x, weight, bias, epsilon, y);
    }

    @Override
    public void groupNorm(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y) {
        kernels.groupNorm(x, groups, weight, bias, epsilon, y);
    }

    @Override
    public void softmax(float[] x, int offset, int n, float scale) {
        kernels.softmax(x, offset, n, scale);
    }

    @Override
    public void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        kernels.addScaled(factor, x, xOffset, y, yOffset, n);
    }

    @Override
    public void addGated(float[] gate, Block x, Block y) {
        kernels.addGated(gate, x, y);
    }

    @Override
    public void rotateNeighbours(float[] x, int offset, int n, float[] table) {
        kernels.rotateNeighbours(x, offset, n, table);
    }

    @Override
    public void rotateHalves(float[] x, int offset, int n, float[] table) {
        kernels.rotateHalves(x, offset, n, table);
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        return kernels.dot(a, aOffset, b, bOffset, n);
    }

    @Override
    public void apply(Activation activation, float[] x, int offset, int n) {
        kernels.apply(activation, x, offset, n);
    }

    @Override
    public void apply(Activation activation, Block x) {
        kernels.apply(activation, x);
    }

    @Override
    public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int n) {
        kernels.siluMultiply(gate, gateOffset, up, upOffset, n);
    }

    @Override
    public void snake(Block x, float[] alpha) {
        kernels.snake(x, alpha);
    }
}
