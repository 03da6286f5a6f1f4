package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.bench.synth.PublishedTensors;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.PublishedModel;
import sparrow.onednn.Numerics.Kind;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * Products with every matrix of every published model, as wide as it is, in the forms that weights have in memory. Tall
 * matrices are cut to two pieces and what is left of the last.
 */
@Tag("full")
class PublishedShapesTest {
    /** Outputs of a piece. */
    private static final int PIECE = 256;

    /** Multiply-adds, and rows, that the library gets at least. */
    private static final long WORK = 1 << 25;

    private static final int MIN_ROWS = 33;

    @TempDir
    private Path folder;

    private record Shape(int columns, int outputs) implements Comparable<Shape> {
        static Shape of(int outputs, long columns) {
            return new Shape(Math.toIntExact(columns), outputs <= 3 * PIECE ? outputs : 2 * PIECE + outputs % PIECE);
        }

        @Override
        public int compareTo(Shape other) {
            return columns == other.columns ? outputs - other.outputs : columns - other.columns;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"glm-4-voice-9b", "step-audio-2-mini", "lfm2.5-audio-1.5b"})
    void resultsAreWithinTheBound(String name) throws IOException {
        PublishedModel model = SpokenModels.published(name);
        TreeSet<Shape> shapes = new TreeSet<>(languageModel(model.config()));
        PublishedTensors.of(model, folder)
                .filter(tensor -> tensor.shape().size() > 1)
                .map(tensor -> Shape.of(
                        tensor.shape().getFirst(),
                        tensor.elements() / tensor.shape().getFirst()))
                .forEach(shapes::add);
        int products = 0;
        try (ComputePool pool = new ComputePool(2)) {
            Kernels kernels = Kernels.create(pool, Installed.provider());
            for (Shape shape : shapes) {
                // Smaller ones stay in Java, of any number of rows.
                if (Math.min(shape.columns, shape.outputs) < PIECE) continue;
                for (DType type : List.of(DType.BF16, DType.F32, DType.Q8_0, DType.Q4_0)) {
                    if (type.isQuantised() && shape.columns % 32 != 0) continue;
                    multiply(kernels, shape, type);
                    products++;
                }
            }
        }
        assertThat(products).isGreaterThan(40);
    }

    /** Of attention, feed-forward and output; matrices over the same input may be one in memory. */
    private static List<Shape> languageModel(TransformerConfig config) {
        List<Shape> shapes = new ArrayList<>();
        int q = config.queryWidth();
        int kv = config.kvWidth();
        int ffn = config.ffnWidth();
        for (int outputs : new int[] {q, kv, q + 2 * kv, ffn, 2 * ffn, config.vocabulary()}) {
            shapes.add(Shape.of(outputs, config.width()));
        }
        shapes.add(Shape.of(config.width(), q));
        shapes.add(Shape.of(config.width(), ffn));
        return shapes;
    }

    private static void multiply(Kernels kernels, Shape shape, DType type) {
        int columns = shape.columns;
        int outputs = shape.outputs;
        int rows = Math.max(MIN_ROWS, Math.toIntExact(Math.ceilDiv(WORK, (long) columns * outputs)));
        SplittableRandom random = new SplittableRandom(columns);
        float[] x = Numerics.values(random, Kind.PLAIN, rows * columns);
        // Each output has its own beginning in the same numbers.
        float[] numbers = Numerics.values(random, Kind.PLAIN, columns + outputs);
        float[] weights = new float[outputs * columns];
        for (int o = 0; o < outputs; o++) System.arraycopy(numbers, o, weights, o * columns, columns);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment stored = arena.allocate(type.bytes(weights.length), 64);
            type.store(weights, stored);
            Matrix matrix = new Matrix(stored, type, outputs, columns);
            Weight w = type == DType.BF16 ? kernels.view(matrix) : kernels.pack(matrix, arena);
            kernels.unpack(w, Block.of(weights, outputs, columns));
            Block y = Block.of(new float[rows * outputs], rows, outputs);

            kernels.linear(Block.of(x, rows, columns), w, null, y);

            for (int r : new int[] {0, rows / 2, rows - 1}) {
                for (int o = 0; o < outputs; o++) {
                    Numerics.expect(
                            y.data()[r * outputs + o],
                            0,
                            x,
                            r * columns,
                            weights,
                            o * columns,
                            columns,
                            type + " " + rows + " x " + shape + " " + r + "," + o);
                }
            }
        }
    }
}
