package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;

/** Kernels that implement every operation in its simplest form, as the reference for the vector kernels. */
final class ScalarKernels implements Kernels {
    private final ComputePool pool;
    private final KvFormat kvFormat;

    ScalarKernels(ComputePool pool) {
        this(pool, KvFormat.F32);
    }

    private ScalarKernels(ComputePool pool, KvFormat kvFormat) {
        this.pool = pool;
        this.kvFormat = kvFormat;
    }

    @Override
    public ComputePool pool() {
        return pool;
    }

    @Override
    public int vectorBits() {
        return Float.SIZE;
    }

    @Override
    public String arithmetic() {
        return "scalar" + kvFormat.arithmetic();
    }

    @Override
    public KvFormat kvFormat() {
        return kvFormat;
    }

    /** Returns these kernels because they compute each row separately. */
    @Override
    public Kernels decoding() {
        return this;
    }

    @Override
    public Kernels withKvFormat(KvFormat format) {
        return new ScalarKernels(pool, format);
    }

    @Override
    public Weight pack(Matrix w, Arena arena) {
        float[] values = new Tensor(w.data(), w.dtype(), List.of(w.rows(), w.columns())).toFloats();
        return view(Matrix.copyOf(values, w.rows(), w.columns(), arena));
    }

    @Override
    public Weight packAsStored(Matrix w, Arena arena) {
        MemorySegment copy = arena.allocate(w.data().byteSize(), 64).copyFrom(w.data());
        return view(new Matrix(copy, w.dtype(), w.rows(), w.columns()));
    }

    private static Matrix matrix(Weight weight) {
        if (weight instanceof StoredWeight(Matrix w)) return w;
        throw new IllegalArgumentException("scalar kernels: the weight was packed by other kernels");
    }

    @Override
    public void unpack(Weight weight, Block y) {
        Shapes.unpack(weight, y);
        Matrix w = matrix(weight);
        for (int r = 0; r < w.rows(); r++) w.row(r, y.data(), y.row(r));
    }

    @Override
    public void linear(Block x, Weight weight, float[] bias, Block y) {
        Shapes.linear(x, weight, bias, y);
        Matrix w = matrix(weight);
        pool.forEach(w.rows(), o -> {
            float[] row = new float[w.columns()];
            w.row(o, row, 0);
            for (int r = 0; r < x.rows(); r++) {
                float sum = 0;
                for (int c = 0; c < row.length; c++) sum += x.data()[x.row(r) + c] * row[c];
                y.data()[y.row(r) + o] = bias == null ? sum : sum + bias[o];
            }
        });
    }

    @Override
    public void multiplyTransposed(Block a, Block b, Block y) {
        Shapes.multiplyTransposed(a, b, y);
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < b.rows(); j++) {
                y.data()[y.row(i) + j] = dot(a.data(), a.row(i), b.data(), b.row(j), a.columns());
            }
        }
    }

    @Override
    public void multiply(Block a, Block b, Block y) {
        Shapes.multiply(a, b, y);
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < b.columns(); j++) {
                float sum = 0;
                for (int k = 0; k < a.columns(); k++) sum += a.data()[a.row(i) + k] * b.data()[b.row(k) + j];
                y.data()[y.row(i) + j] = sum;
            }
        }
    }

    /** Creates a cache whose panels have size 1. */
    @Override
    public KvPanels keyValues(int heads, int headWidth) {
        return new KvPanels(heads, headWidth, 1, kvFormat);
    }

    @Override
    public void attend(Block queries, KvPanels cache, int head, int position, int window, float scale, Block mixed) {
        Shapes.attend(queries, cache, head, position, mixed, 1);
        for (int r = 0; r < queries.rows(); r++) {
            float[] weights = new float[Math.min(window, position + r + 1)];
            int oldest = position + r + 1 - weights.length;
            for (int first = 0; first < queries.columns(); first += cache.headWidth()) {
                attend(queries.data(), queries.row(r) + first, cache, head, oldest, weights, scale);
                mix(weights, cache, head, oldest, mixed.data(), mixed.row(r) + first);
            }
        }
    }

    /** Computes the weights of one query head over its visible positions, starting at {@code oldest}. */
    private void attend(float[] query, int at, KvPanels cache, int head, int oldest, float[] weights, float scale) {
        float[] key = new float[cache.headWidth()];
        for (int p = 0; p < weights.length; p++) {
            cache.readKey(head, oldest + p, key, 0);
            float sum = 0;
            for (int c = 0; c < key.length; c++) sum += query[at + c] * key[c];
            weights[p] = sum;
        }
        softmax(weights, 0, weights.length, scale);
    }

    private static void mix(float[] weights, KvPanels cache, int head, int oldest, float[] mixed, int at) {
        float[] value = new float[cache.headWidth()];
        Arrays.fill(mixed, at, at + value.length, 0);
        for (int p = 0; p < weights.length; p++) {
            cache.readValue(head, oldest + p, value, 0);
            for (int c = 0; c < value.length; c++) mixed[at + c] += weights[p] * value[c];
        }
    }

    @Override
    public void rmsNorm(Block x, float[] weight, float epsilon, Block y) {
        Shapes.norm(x, weight, y);
        for (int r = 0; r < x.rows(); r++) {
            float squares = dot(x.data(), x.row(r), x.data(), x.row(r), x.columns());
            float scale = (float) (1 / Math.sqrt(squares / x.columns() + epsilon));
            for (int c = 0; c < x.columns(); c++) {
                y.data()[y.row(r) + c] = x.data()[x.row(r) + c] * scale * weight[c];
            }
        }
    }

    @Override
    public void layerNorm(Block x, float[] weight, float[] bias, float epsilon, Block y) {
        Shapes.layerNorm(x, weight, bias, y);
        for (int r = 0; r < x.rows(); r++) {
            double mean = 0;
            for (int c = 0; c < x.columns(); c++) mean += x.data()[x.row(r) + c];
            mean /= x.columns();
            double variance = 0;
            for (int c = 0; c < x.columns(); c++) {
                double centred = x.data()[x.row(r) + c] - mean;
                variance += centred * centred;
            }
            double scale = 1 / Math.sqrt(variance / x.columns() + epsilon);
            for (int c = 0; c < x.columns(); c++) {
                double normed = (x.data()[x.row(r) + c] - mean) * scale;
                y.data()[y.row(r) + c] = (float) (normed * weight[c] + bias[c]);
            }
        }
    }

    @Override
    public void groupNorm(Block x, int groups, float[] weight, float[] bias, float epsilon, Block y) {
        Shapes.groupNorm(x, groups, weight, y);
        int width = x.columns() / groups;
        for (int g = 0; g < groups; g++) {
            Block group = x.columns(g * width, (g + 1) * width);
            double mean = 0;
            for (int r = 0; r < x.rows(); r++) {
                for (int c = 0; c < width; c++) mean += group.data()[group.row(r) + c];
            }
            mean /= (double) x.rows() * width;
            double variance = 0;
            for (int r = 0; r < x.rows(); r++) {
                for (int c = 0; c < width; c++) {
                    double centred = group.data()[group.row(r) + c] - mean;
                    variance += centred * centred;
                }
            }
            double scale = 1 / Math.sqrt(variance / ((double) x.rows() * width) + epsilon);
            for (int r = 0; r < x.rows(); r++) {
                for (int c = g * width; c < (g + 1) * width; c++) {
                    double normed = (x.data()[x.row(r) + c] - mean) * scale;
                    y.data()[y.row(r) + c] = (float) (normed * weight[c] + bias[c]);
                }
            }
        }
    }

    @Override
    public void softmax(float[] x, int offset, int n, float scale) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) largest = Math.max(largest, x[offset + i] * scale);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            x[offset + i] = (float) Math.exp(x[offset + i] * scale - largest);
            sum += x[offset + i];
        }
        for (int i = 0; i < n; i++) x[offset + i] /= (float) sum;
    }

    @Override
    public void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) y[yOffset + i] += factor * x[xOffset + i];
    }

    @Override
    public void rotateNeighbours(float[] x, int offset, int n, float[] table) {
        for (int c = 0; c < n; c += 2) rotate(x, offset, c, c + 1, n, table);
    }

    @Override
    public void rotateHalves(float[] x, int offset, int n, float[] table) {
        for (int c = 0; c < n / 2; c++) rotate(x, offset, c, c + n / 2, n, table);
    }

    /** Rotates two channels of a head with {@code n} channels. */
    static void rotate(float[] x, int offset, int first, int second, int n, float[] table) {
        float a = x[offset + first];
        float b = x[offset + second];
        x[offset + first] = a * table[first] + b * table[n + first];
        x[offset + second] = b * table[second] + a * table[n + second];
    }

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) sum += a[aOffset + i] * b[bOffset + i];
        return sum;
    }

    @Override
    public void apply(Activation activation, float[] x, int offset, int n) {
        for (int i = offset; i < offset + n; i++) x[i] = (float) activation.apply(x[i]);
    }

    @Override
    public void siluMultiply(float[] gate, int gateOffset, float[] up, int upOffset, int n) {
        for (int i = 0; i < n; i++) {
            gate[gateOffset + i] = (float) (Activation.SILU.apply(gate[gateOffset + i]) * up[upOffset + i]);
        }
    }

    @Override
    public void addGated(float[] gate, Block x, Block y) {
        Shapes.addGated(gate, x, y);
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.columns(); c++) y.data()[y.row(r) + c] += gate[c] * x.data()[x.row(r) + c];
        }
    }

    @Override
    public void snake(Block x, float[] alpha) {
        Shapes.snake(x, alpha);
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.columns(); c++) {
                float value = x.data()[x.row(r) + c];
                double sine = Math.sin(alpha[c] * value);
                x.data()[x.row(r) + c] = (float) (value + sine * sine / (alpha[c] + 1e-9));
            }
        }
    }
}
