package sparrow.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;

/**
 * Small fixed computations through every operation of some {@link Kernels}, in every format of weights, keys and values,
 * and through the functions of {@link Math} that the networks use. The rest of their computations is Java's own arithmetic,
 * which is the same on every machine.
 */
final class KernelTrial {
    /** Whole blocks of every quantised format that is written, and more than a vector of every width. */
    private static final int WIDTH = 64;

    /** Less than a panel of most widths. */
    private static final int OUTPUTS = 24;

    /** Few rows and many go different ways, and so do the rows that fill no tile. */
    private static final int[] ROWS = {1, 15};

    /** A matrix provider takes nothing smaller: rows, and outputs and inputs. */
    private static final int PROVIDED_ROWS = ProvidedLinear.Minimum.VECTORS.rows();

    private static final int PROVIDED_SIDE = 1024;

    private static final int HEAD_WIDTH = 32;
    private static final int POSITIONS = 21;

    /** Length of what is no multiple of a vector. */
    private static final int ODD = 77;

    private final Kernels kernels;
    private final SplittableRandom random = new SplittableRandom(14);
    private final DoubleStream.Builder results = DoubleStream.builder();

    private KernelTrial(Kernels kernels) {
        this.kernels = kernels;
    }

    /** All results, in a fixed order. Takes milliseconds. */
    static double[] results(Kernels kernels) {
        KernelTrial trial = new KernelTrial(kernels);
        try (Arena arena = Arena.ofShared()) {
            for (DType type : DType.weights()) trial.products(type, arena);
            if (kernels.matrixProvider().isPresent()) trial.providedProduct(arena);
        }
        trial.activationProducts();
        for (KvFormat format : KvFormat.values()) trial.attention(kernels.withKvFormat(format));
        trial.norms();
        trial.softmax();
        trial.rotations();
        trial.sums();
        for (Activation activation : Activation.values()) trial.activation(activation);
        trial.gates();
        trial.functions();
        return trial.results.build().toArray();
    }

    /** Values around 0. */
    private float[] values(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (2 * random.nextDouble() - 1);
        return values;
    }

    private Block block(int rows, int columns) {
        return Block.of(values(rows * columns), rows, columns);
    }

    private void keep(float[] values) {
        for (float value : values) results.add(value);
    }

    /** As models hold such matrices. Packed as f32, 16-bit ones are multiplied as f32 ones are. */
    private void products(DType type, Arena arena) {
        int width = Math.max(WIDTH, type.blockElements());
        MemorySegment memory = arena.allocate(type.bytes((long) OUTPUTS * width), 64);
        if (type.isWritable()) type.store(values(OUTPUTS * width), memory);
        else fillBlocks(type, memory);
        Matrix matrix = new Matrix(memory, type, OUTPUTS, width);
        float[] bias = values(OUTPUTS);
        List<Weight> weights = type == DType.F32
                ? List.of(kernels.view(matrix), kernels.pack(matrix, arena))
                : type.isQuantised()
                        ? List.of(kernels.pack(matrix, arena))
                        : List.of(kernels.view(matrix), kernels.packAsStored(matrix, arena));
        for (int rows : ROWS) {
            Block x = block(rows, width);
            for (Weight weight : weights) product(x, weight, bias);
        }
    }

    /** Random bytes under factors below 2. */
    private void fillBlocks(DType type, MemorySegment memory) {
        for (long at = 0; at < memory.byteSize(); at++) memory.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        for (long at = 0; at < memory.byteSize(); at += type.blockBytes()) {
            for (int place : type.factors()) {
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + place, (short) random.nextInt(0x4000));
            }
        }
    }

    private void product(Block x, Weight weight, float[] bias) {
        float[] y = new float[x.rows() * weight.rows()];
        kernels.linear(x, weight, bias, Block.of(y, x.rows(), weight.rows()));
        keep(y);
    }

    private void providedProduct(Arena arena) {
        float[] row = values(PROVIDED_SIDE);
        float[] matrix = new float[PROVIDED_SIDE * PROVIDED_SIDE];
        for (int r = 0; r < PROVIDED_SIDE; r++) {
            System.arraycopy(row, r, matrix, r * PROVIDED_SIDE, PROVIDED_SIDE - r);
        }
        Weight weight = kernels.pack(Matrix.copyOf(matrix, PROVIDED_SIDE, PROVIDED_SIDE, arena), arena);
        product(block(PROVIDED_ROWS, PROVIDED_SIDE), weight, null);
    }

    private void activationProducts() {
        Block a = block(5, ODD);
        float[] y = new float[5 * OUTPUTS];
        kernels.multiplyTransposed(a, block(OUTPUTS, ODD), Block.of(y, 5, OUTPUTS));
        keep(y);
        kernels.multiply(a, block(ODD, OUTPUTS), Block.of(y, 5, OUTPUTS));
        keep(y);
    }

    private void attention(Kernels kernels) {
        KvPanels cache = kernels.keyValues(1, HEAD_WIDTH);
        for (int p = 0; p < POSITIONS; p++) cache.append(values(HEAD_WIDTH), 0, values(HEAD_WIDTH), 0);
        for (int rows : new int[] {1, 2}) {
            float[] mixed = new float[rows * 2 * HEAD_WIDTH];
            Block queries = block(rows, 2 * HEAD_WIDTH);
            kernels.attend(queries, cache, 0, POSITIONS - rows, 0.3f, Block.of(mixed, rows, 2 * HEAD_WIDTH));
            keep(mixed);
        }
    }

    private void norms() {
        Block x = block(3, ODD);
        float[] weight = values(ODD);
        float[] bias = values(ODD);
        float[] y = new float[3 * ODD];
        kernels.rmsNorm(x, weight, 1e-5f, Block.of(y, 3, ODD));
        keep(y);
        kernels.layerNorm(x, weight, bias, 1e-5f, Block.of(y, 3, ODD));
        keep(y);
        // Groups of 11 columns.
        kernels.groupNorm(x, 7, weight, bias, 1e-5f, Block.of(y, 3, ODD));
        keep(y);
    }

    private void softmax() {
        float[] x = values(ODD);
        kernels.softmax(x, 0, ODD, 5);
        keep(x);
    }

    private void rotations() {
        float[] head = values(HEAD_WIDTH);
        float[] table = values(2 * HEAD_WIDTH);
        kernels.rotateNeighbours(head, 0, HEAD_WIDTH, table);
        keep(head);
        kernels.rotateHalves(head, 0, HEAD_WIDTH, table);
        keep(head);
    }

    private void sums() {
        float[] x = values(ODD);
        float[] y = values(ODD);
        results.add(kernels.dot(x, 0, y, 0, ODD));
        kernels.addScaled(0.7f, x, 0, y, 0, ODD);
        keep(y);
        kernels.addGated(values(ODD), Block.of(x, 1, ODD), Block.of(y, 1, ODD));
        keep(y);
    }

    private void activation(Activation activation) {
        float[] x = values(ODD);
        kernels.apply(activation, x, 0, ODD);
        keep(x);
    }

    private void gates() {
        float[] gate = values(ODD);
        kernels.siluMultiply(gate, 0, values(ODD), 0, ODD);
        keep(gate);
        Block x = block(2, ODD);
        kernels.snake(x, values(ODD));
        keep(x.data());
    }

    private void functions() {
        List<DoubleUnaryOperator> functions = List.of(
                Math::exp,
                Math::expm1,
                Math::sin,
                Math::cos,
                // As far as angles of late positions go.
                x -> Math.sin(1e4 * x),
                x -> Math.cos(1e4 * x),
                Math::tanh,
                x -> Math.log(x + 8),
                x -> Math.log10(x + 8),
                x -> Math.log1p(x + 8),
                x -> Math.pow(x + 8, 0.85),
                x -> Math.pow(1e4, x));
        double[] places = new double[40];
        Arrays.setAll(places, i -> 7 * (2 * random.nextDouble() - 1));
        for (DoubleUnaryOperator function : functions) {
            for (double place : places) results.add(function.applyAsDouble(place));
        }
    }

    /** Prints a digest of all results. */
    public static void main(String[] args) {
        try (ComputePool pool = new ComputePool(1)) {
            System.out.println(Arrays.hashCode(results(Kernels.create(pool))));
        }
    }
}
