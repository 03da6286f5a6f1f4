package sparrow.gpu.stack;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.gpu.DeviceUnderTest;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A small model of random weights on this machine and on a device, with pages of 64 positions. */
final class StackUnderTest implements AutoCloseable {
    static final int PAGE = 64;
    static final int LAYERS = 3;
    static final int VOCABULARY = 90;

    private final ComputePool pool = new ComputePool(1);
    private final Kernels kernels = Kernels.create(pool);
    private final List<DType> types;
    private final int block;
    private final SplittableRandom random;
    private final Arena arena;
    private final Transformer host;
    private final WatchedDevice device;
    private final GpuStack stack;

    /** Of any sizes. */
    StackUnderTest(long seed, int context) {
        this(seed, context, Long.MAX_VALUE);
    }

    /** Of sizes that are whole blocks, and weights of 4 bits. */
    static StackUnderTest of4Bits() {
        return new StackUnderTest(1, 512, Long.MAX_VALUE, List.of(DType.Q4_0));
    }

    /** @param largest bytes that the device allocates at once, if it is less than it says itself */
    StackUnderTest(long seed, int context, long largest) {
        this(seed, context, largest, List.of(DType.F32, DType.F16, DType.BF16));
    }

    @SuppressWarnings("MustBeClosedChecker") // close() ends the arena
    private StackUnderTest(long seed, int context, long largest, List<DType> types) {
        this.types = types;
        block = types.stream().mapToInt(DType::blockElements).max().orElseThrow();
        random = new SplittableRandom(seed);
        arena = Arena.ofShared();
        host = transformer(context);
        WatchedDevice watched = new WatchedDevice(DeviceUnderTest.open());
        device = watched.withLargest(Math.min(largest, watched.info().largestBytes()));
        stack = GpuStack.open(device, host, PAGE);
    }

    /** With its layers on this machine. */
    Transformer host() {
        return host;
    }

    /** With its layers on the device. */
    Transformer onDevice() {
        return host.on(stack);
    }

    GpuStack stack() {
        return stack;
    }

    WatchedDevice device() {
        return device;
    }

    /** A head of its own with all of the output matrix. */
    HeadWeights head() {
        return new HeadWeights(null, host.finalNorm(), 1e-6f, host.output(), null);
    }

    /** One that does not know a token. */
    HeadWeights headWithout(int token) {
        return new HeadWeights(null, host.finalNorm(), 1e-6f, List.of(host.output()), null, new int[] {token});
    }

    /** Bytes of a page of the model of a seed. */
    static long pageBytes(long seed) {
        try (StackUnderTest same = new StackUnderTest(seed, PAGE)) {
            return same.stack.pageBytes();
        }
    }

    /** So many, or what fills the last block. */
    private int whole(int columns) {
        return Math.ceilDiv(columns, block) * block;
    }

    private Transformer transformer(int context) {
        int kvHeads = random.nextInt(1, 3);
        int headWidth = whole(4 * random.nextInt(1, 4));
        TransformerConfig config = new TransformerConfig(
                LAYERS,
                whole(random.nextInt(8, 40)),
                kvHeads * random.nextInt(1, 4),
                kvHeads,
                headWidth,
                whole(block + random.nextInt(8, 50)),
                VOCABULARY,
                context,
                1e-6f,
                random.nextBoolean()
                        ? new Rope(headWidth / 2, 10_000, Rope.Pairing.INTERLEAVED)
                        : new Rope(headWidth, 1_000_000, Rope.Pairing.HALVES));
        int width = config.width();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            layers.add(new Layer(
                    ones(width),
                    new SelfAttention(
                            linear(config.queryWidth(), width),
                            linear(config.kvWidth(), width),
                            linear(config.kvWidth(), width),
                            linear(width, config.queryWidth())),
                    ones(width),
                    linear(config.ffnWidth(), width),
                    linear(config.ffnWidth(), width),
                    linear(width, config.ffnWidth())));
        }
        return new Transformer(
                config,
                kernels,
                matrix(DType.F32, VOCABULARY, width, 1),
                layers,
                ones(width),
                kernels.view(matrix(DType.F32, VOCABULARY, width, 3 / Math.sqrt(width))));
    }

    /** In the numbers of any file, with or without a bias. */
    private Linear linear(int rows, int columns) {
        DType type = types.get(random.nextInt(types.size()));
        return new Linear(
                kernels.view(matrix(type, rows, columns, 1 / Math.sqrt(columns))),
                random.nextBoolean() ? numbers(rows, 0.1) : null);
    }

    private Matrix matrix(DType type, int rows, int columns, double scale) {
        float[] values = numbers(rows * columns, scale);
        MemorySegment data = arena.allocate(type.bytes(values.length), 64);
        type.store(values, data);
        return new Matrix(data, type, rows, columns);
    }

    private float[] ones(int n) {
        float[] values = numbers(n, 0.2);
        for (int i = 0; i < n; i++) values[i] += 1;
        return values;
    }

    private float[] numbers(int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) (random.nextGaussian() * scale);
        return values;
    }

    @Override
    public void close() {
        stack.close();
        pool.close();
        arena.close();
    }
}
