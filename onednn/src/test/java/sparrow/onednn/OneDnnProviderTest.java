package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.onednn.Numerics.Kind;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.MatrixProvider;
import sparrow.tensor.kernel.MatrixProvider.Layout;
import sparrow.tensor.kernel.MatrixProvider.Shape;
import sparrow.tensor.kernel.Weight;

/** Single products of the library, of numbers that are bf16 already. */
class OneDnnProviderTest {
    private static final int[][] SIZES = {{1, 32, 1}, {7, 96, 65}, {33, 1024, 130}, {97, 160, 256}, {512, 64, 63}};

    private final MatrixProvider provider = Installed.provider();

    @ParameterizedTest
    @EnumSource(Kind.class)
    void sumsAreWithinTheBoundInBothLayouts(Kind kind) {
        SplittableRandom random = new SplittableRandom(kind.ordinal());
        for (int[] size : SIZES) {
            for (Layout layout : Layout.values()) {
                try (Arena arena = Arena.ofConfined()) {
                    Case some = new Case(random, kind, size[0], size[1], size[2], layout, arena);
                    provider.multiply(some.shape, some.x, some.w, some.y);
                    some.expect();
                }
            }
        }
    }

    /** Values in memory as the provider reads them, and as f32 for the reference. */
    private static final class Case {
        final Shape shape;
        final float[] inputs;
        final float[] weights;
        final float[] before;
        final MemorySegment x;
        final MemorySegment w;
        final MemorySegment y;

        Case(SplittableRandom random, Kind kind, int rows, int columns, int outputs, Layout layout, Arena arena) {
            shape = switch (layout) {
                case PAIRS -> Shape.pairs(rows, columns, outputs);
                case ROWS -> Shape.rows(rows, columns, outputs, columns + 32);
            };
            inputs = bf16(Numerics.values(random, kind, rows * columns));
            weights = bf16(Numerics.values(random, kind, outputs * columns));
            before = Numerics.values(random, Kind.PLAIN, rows * outputs);
            x = arena.allocate(2L * inputs.length, 64);
            for (int i = 0; i < inputs.length; i++) put(x, i, inputs[i]);
            int padded = Math.ceilDiv(outputs, 64) * 64;
            // A matrix ends where its last row does.
            int inRows = (outputs - 1) * (columns + 32) + columns;
            w = arena.allocate(2L * (layout == Layout.PAIRS ? padded * columns : inRows), 64);
            if (layout == Layout.ROWS) w.fill((byte) 0xff); // NaN between the rows
            for (int o = 0; o < outputs; o++) {
                for (int c = 0; c < columns; c++) {
                    long at = layout == Layout.ROWS
                            ? (long) o * (columns + 32) + c
                            : ((o / 64L * columns / 2 + c / 2) * 64 + o % 64) * 2 + c % 2;
                    put(w, at, weights[o * columns + c]);
                }
            }
            y = arena.allocate(4L * before.length, 64);
            MemorySegment.copy(before, 0, y, ValueLayout.JAVA_FLOAT, 0, before.length);
        }

        private static float[] bf16(float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
            }
            return values;
        }

        private static void put(MemorySegment memory, long index, float value) {
            memory.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) (Float.floatToRawIntBits(value) >>> 16));
        }

        float[] sums() {
            return y.toArray(ValueLayout.JAVA_FLOAT);
        }

        void expect() {
            float[] sums = sums();
            int n = shape.columns();
            for (int r = 0; r < shape.rows(); r++) {
                for (int o = 0; o < shape.outputs(); o++) {
                    int at = r * shape.outputs() + o;
                    Numerics.expect(sums[at], before[at], inputs, r * n, weights, o * n, n, shape + " " + r + "," + o);
                }
            }
        }
    }

    @Test
    void memoryThatIsTooSmallIsRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Case some = new Case(new SplittableRandom(1), Kind.PLAIN, 3, 64, 70, Layout.PAIRS, arena);

            assertThatThrownBy(() -> provider.multiply(some.shape, some.x.asSlice(2), some.w, some.y))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected 384 bytes of x off-heap, got 382");
            assertThatThrownBy(() -> provider.multiply(some.shape, some.x, some.w.asSlice(2), some.y))
                    .hasMessageContaining("bytes of w");
            assertThatThrownBy(() ->
                            provider.multiply(some.shape, some.x, some.w, MemorySegment.ofArray(new float[3 * 70])))
                    .hasMessageContaining("got 840 on-heap");
        }
    }

    @Test
    void theLibrarysRefusalIsOneClearLine() {
        assertThatThrownBy(() -> provider.multiply(
                        Shape.rows(3, 64, 70, -1), MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("oneDNN: dnnl_memory_desc_create_with_strides failed: invalid arguments (2)");
    }

    @Test
    void threadsShareProductsOfACacheThatIsTooSmallForThem() throws Exception {
        OneDnn library = Installed.library();
        ProductCache cache = new ProductCache(library, 2);
        MatrixProvider small = OneDnnProvider.of(library, cache);
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int task = 0; task < 40; task++) {
                int seed = task;
                done.add(threads.submit(() -> {
                    try (Arena arena = Arena.ofConfined()) {
                        int rows = 5 + seed % 5;
                        Case some =
                                new Case(new SplittableRandom(seed), Kind.PLAIN, rows, 64, 100, Layout.PAIRS, arena);
                        small.multiply(some.shape, some.x, some.w, some.y);
                        some.expect();
                    }
                }));
            }
            for (Future<?> task : done) task.get();
        }
        assertThat(cache.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void itNamesVersionInstructionsAndOrigin() {
        assertThat(provider.arithmetic()).matches("onednn-3\\.\\d+\\.\\d+-[a-z0-9_]+");
        assertThat(provider.description()).matches("oneDNN 3\\.\\d+\\.\\d+ for [a-z0-9_]+ \\(.+\\)");
    }

    @Test
    void resultsDependOnNoNumberOfThreads() {
        try (ComputePool one = new ComputePool(1);
                ComputePool three = new ComputePool(3)) {
            assertThat(product(Kernels.create(three, provider)))
                    .isEqualTo(product(Kernels.create(one, provider)))
                    .isNotEqualTo(product(Kernels.create(one)));
        }
    }

    private static float[] product(Kernels kernels) {
        int side = 1024;
        SplittableRandom random = new SplittableRandom(14);
        float[] matrix = new float[side * side];
        for (int i = 0; i < matrix.length; i++) matrix[i] = (float) random.nextDouble(-1, 1);
        Block x = Block.of(Arrays.copyOf(matrix, 64 * side), 64, side);
        float[] y = new float[64 * side];
        try (Arena arena = Arena.ofShared()) {
            Weight weight = kernels.pack(Matrix.copyOf(matrix, side, side, arena), arena);
            kernels.linear(x, weight, null, Block.of(y, 64, side));
        }
        return y;
    }
}
