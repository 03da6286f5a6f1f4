package sparrow.engine.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Row;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;

/** Positions of a model of four layers that change nothing: width 2, a vocabulary of 5, a context of 16. */
class PendingRowsTest {
    private Arena arena;
    private Matrix embedding;
    private Transformer transformer;
    private PendingRows rows;

    @BeforeEach
    @SuppressWarnings("MustBeClosedChecker") // release() closes it
    void build() {
        arena = Arena.ofShared();
        Kernels kernels = Kernels.create(new ComputePool(1));
        Linear zero = new Linear(kernels.view(matrix(new float[4])), null);
        Layer layer = new Layer(new float[2], zero, zero, zero, zero, new float[2], zero, zero, zero);
        embedding = matrix(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Weight output = kernels.view(embedding);
        transformer = new Transformer(
                new TransformerConfig(4, 2, 1, 1, 2, 2, 5, 16, 1, new Rope(2, 10_000, Rope.Pairing.HALVES)),
                kernels,
                embedding,
                Collections.nCopies(4, layer),
                new float[2],
                output);
        rows = new PendingRows(transformer);
    }

    @AfterEach
    void release() {
        arena.close();
    }

    @Test
    void passCarriesEveryPositionFromTheLayerAboveItsOwn() {
        append(0, 4);
        append(1, 2);
        append(2, 1);

        assertThat(rows.pending()).isEqualTo(2);
        rows.append(3);

        assertThat(spans(rows.rowsTo(2))).containsExactly("2:2..2", "3:1..2");
        assertThat(spans(rows.rowsTo(4))).containsExactly("1:3..4", "2:2..4", "3:1..4");
    }

    @Test
    void tokenWhoseEmbeddingIsNotFiniteIsRefused() {
        embedding.data().setAtIndex(ValueLayout.JAVA_FLOAT, 7, Float.NaN);

        append(2, 4);
        assertThatThrownBy(() -> rows.append(3))
                .hasMessage("token embedding of id 3: expected finite numbers, found NaN or infinity in the weights");
    }

    @Test
    void memoryOfAFinishedPositionIsUsedAgainOnceItsStateIsNoLongerAskedFor() {
        append(0, 4);
        float[] first = rows.newest();
        assertThat(first).containsExactly(0, 1);

        append(1, 4);
        assertThat(rows.newest()).isSameAs(first).containsExactly(2, 3);

        append(2, 2);
        float[] pending = rows.newest();
        append(3, 2);
        assertThat(pending).containsExactly(4, 5);
        assertThat(rows.newest()).isNotSameAs(pending);
    }

    @Test
    void decodingWithEarlyExitTakesNoMoreMemoryThanThePositionsThatWaitTogether() {
        List<float[]> states = IntStream.range(0, 16)
                .mapToObj(position -> {
                    append(position % 5, position % 3 == 0 ? 4 : 2);
                    return rows.newest();
                })
                .toList();

        // Two that wait and the one that carries them.
        assertThat(states.stream().map(System::identityHashCode).distinct()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void statesThatAreGivenAreCopied() {
        float[] given = {7, 8};

        rows.append(given);
        given[0] = 0;

        assertThat(rows.newest()).containsExactly(7, 8);
    }

    @Test
    void positionBeyondTheContextIsRefusedAndChangesNothing() {
        for (int position = 0; position < 16; position++) rows.append(1);

        assertThatThrownBy(() -> rows.append(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the context of 16 positions is full");
        assertThatThrownBy(() -> rows.append(new float[2])).hasMessage("the context of 16 positions is full");
        assertThat(rows.length()).isEqualTo(16);
    }

    private void append(int token, int depth) {
        rows.append(token);
        transformer.forward(rows.rowsTo(depth));
        rows.reached(depth);
    }

    private static List<String> spans(List<Row> rows) {
        return rows.stream()
                .map(row -> row.position() + ":" + row.first() + ".." + row.last())
                .toList();
    }

    private Matrix matrix(float... values) {
        return Matrix.copyOf(values, values.length / 2, 2, arena);
    }
}
