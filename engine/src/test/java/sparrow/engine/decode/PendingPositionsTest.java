package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sparrow.engine.Machine;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/** Positions of a model of four layers that change nothing: width 2, a vocabulary of 5, a context of 16. */
@Tag("stack")
class PendingPositionsTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    private Matrix embedding;
    private Transformer transformer;
    private Sequence sequence;

    @BeforeEach
    void build() {
        Kernels kernels = machine.kernels();
        Linear zero = new Linear(kernels.view(matrix(new float[4])), null);
        Layer layer =
                new Layer(new float[2], new SelfAttention(zero, zero, zero, zero), new float[2], zero, zero, zero);
        embedding = matrix(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Weight output = kernels.view(embedding);
        transformer = machine.placed(new Transformer(
                new TransformerConfig(4, 2, 1, 1, 2, 2, 5, 16, 1, new Rope(2, 10_000, Rope.Pairing.HALVES)),
                kernels,
                embedding,
                Collections.nCopies(4, layer),
                new float[2],
                output));
        sequence = new Sequence(transformer);
    }

    @Test
    void passCarriesEveryPositionFromTheLayerAboveItsOwn() {
        append(0, 4);
        append(1, 2);
        append(2, 1);

        assertThat(sequence.pending()).isEqualTo(2);
        sequence.append(3);

        assertThat(depths(sequence.pendingBelow(2))).containsExactly("2 after 1", "3 after 0");
        assertThat(depths(sequence.pendingBelow(4))).containsExactly("1 after 2", "2 after 1", "3 after 0");
    }

    @Test
    void tokenWhoseEmbeddingIsNotFiniteIsRefused() {
        embedding.data().setAtIndex(ValueLayout.JAVA_FLOAT, 7, Float.NaN);

        append(2, 4);
        assertThatThrownBy(() -> sequence.append(3))
                .hasMessage("token embedding of id 3: expected finite numbers, found NaN or infinity in the weights");
    }

    @Test
    void memoryOfAFinishedPositionIsUsedAgainOnceItsStateIsNoLongerAskedFor() {
        append(0, 4);
        HiddenState first = sequence.newest();
        assertThat(first.read()).containsExactly(0, 1);

        append(1, 4);
        assertThat(sequence.newest()).isSameAs(first);
        assertThat(first.read()).containsExactly(2, 3);

        append(2, 2);
        HiddenState pending = sequence.newest();
        append(3, 2);
        assertThat(pending.read()).containsExactly(4, 5);
        assertThat(sequence.newest()).isNotSameAs(pending);
    }

    @Test
    void decodingWithEarlyExitTakesNoMoreMemoryThanThePositionsThatWaitTogether() {
        List<HiddenState> states = IntStream.range(0, 16)
                .mapToObj(position -> {
                    append(position % 5, position % 3 == 0 ? 4 : 2);
                    return sequence.newest();
                })
                .toList();

        // Two that wait and the one that carries them.
        assertThat(states.stream().map(System::identityHashCode).distinct()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void statesThatAreGivenAreCopied() {
        float[] given = {7, 8};

        sequence.append(new Input.Vector(0, given, 0));
        given[0] = 0;

        assertThat(sequence.newest().read()).containsExactly(7, 8);
    }

    @Test
    void positionBeyondTheContextIsRefusedAndChangesNothing() {
        for (int position = 0; position < 16; position++) sequence.append(1);

        assertThatThrownBy(() -> sequence.append(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the context of 16 positions is full");
        assertThatThrownBy(() -> sequence.append(new Input.Vector(1, new float[2], 0)))
                .hasMessage("the context of 16 positions is full");
        assertThat(sequence.length()).isEqualTo(16);
    }

    private void append(int token, int depth) {
        sequence.append(token);
        transformer.forward(sequence.pendingBelow(depth), depth);
    }

    private static List<String> depths(List<Position> positions) {
        return positions.stream()
                .map(position -> position.index() + " after " + position.depth())
                .toList();
    }

    private Matrix matrix(float... values) {
        return Matrix.copyOf(values, values.length / 2, 2, machine.arena());
    }
}
