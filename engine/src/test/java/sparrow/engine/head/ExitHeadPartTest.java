package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.Machine;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Kernels;

/** Parts of a head of 300 tokens and width 6. */
@Tag("stack")
class ExitHeadPartTest {
    private static final int VOCABULARY = 300;
    private static final int WIDTH = 6;

    private final SplittableRandom random = new SplittableRandom(5);

    @RegisterExtension
    private final Machine machine = new Machine(1);

    private Transformer transformer;
    private ExitHead whole;

    @BeforeEach
    void build() {
        Kernels kernels = machine.kernels();
        Matrix matrix = Matrix.copyOf(numbers(VOCABULARY * WIDTH), VOCABULARY, WIDTH, machine.arena());
        whole = new ExitHead(3, kernels.pack(matrix, machine.arena()), null, numbers(WIDTH), 1e-6f);
        Linear any = new Linear(kernels.view(Matrix.copyOf(new float[1], 1, 1, machine.arena())), null);
        Layer layer =
                new Layer(new float[WIDTH], new SelfAttention(any, any, any, any), new float[WIDTH], any, any, any);
        transformer = machine.placed(new Transformer(
                new TransformerConfig(
                        1, WIDTH, 1, 1, 2, 1, VOCABULARY, 16, 0, new Rope(2, 10_000, Rope.Pairing.HALVES)),
                kernels,
                matrix,
                List.of(layer),
                numbers(WIDTH),
                whole.weights().parts().getFirst()));
    }

    @ParameterizedTest(name = "{0} positions")
    @ValueSource(ints = {1, 3})
    void allowedTokensHaveTheLogitsOfTheWholeHeadAndOthersHaveNone(int positions) {
        BitSet allowed = ids(2, 130, 131, 191, 299);
        ExitHead part = whole.restrictedTo(allowed);
        List<float[]> hidden = new ArrayList<>();
        for (int i = 0; i < positions; i++) hidden.add(numbers(WIDTH));

        List<Logits> expected = whole.logits(transformer, hidden);
        List<Logits> actual = part.logits(transformer, hidden);

        assertThat(part.layer()).isEqualTo(3);
        for (int i = 0; i < positions; i++) {
            BitSet seen = new BitSet();
            for (int row = 0; row < actual.get(i).values().length; row++) {
                int token = actual.get(i).token(row);
                float score = actual.get(i).values()[row];
                seen.set(token);
                if (allowed.get(token)) {
                    assertThat(score).isEqualTo(expected.get(i).values()[token]);
                } else {
                    assertThat(score).isEqualTo(Float.NEGATIVE_INFINITY);
                }
            }
            allowed.stream().forEach(token -> assertThat(seen.get(token)).isTrue());
        }
    }

    @Test
    void onlyTheGroupsThatHoldAnAllowedTokenAreRead() {
        ExitHead part = whole.restrictedTo(ids(2, 130, 191, 299));

        // Rows 0 to 63, 128 to 191, and 256 to 299.
        assertThat(part.weights().rows()).isEqualTo(64 + 64 + 44);
        assertThat(part.bytes()).isLessThan(whole.weights().parts().getFirst().bytes());
    }

    @Test
    void groupsSideBySideAreOnePart() {
        ExitHead part = whole.restrictedTo(range(60, 200));

        assertThat(part.tokens()).hasSize(256).startsWith(0, 1).endsWith(254, 255);
    }

    @Test
    void headOfAllTokensIsTheWholeHead() {
        assertThat(whole.restrictedTo(range(0, VOCABULARY))).isSameAs(whole);
        assertThat(whole.restrictedTo(range(0, VOCABULARY - 1))).isNotSameAs(whole);
    }

    @Test
    void tokensThatTheHeadDoesNotKnowAreRefused() {
        assertThatThrownBy(() -> whole.restrictedTo(ids(3, VOCABULARY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("head of layer 3: expected 1 or more of its 300 tokens, got 2 up to id 300");
        assertThatThrownBy(() -> whole.restrictedTo(new BitSet()))
                .hasMessageStartingWith("head of layer 3: expected 1 or more of its 300 tokens, got 0");
        ExitHead some = new ExitHead(3, whole.weights().parts().getFirst(), new int[VOCABULARY], null, 0);
        assertThatThrownBy(() -> some.restrictedTo(ids(1)))
                .hasMessage(
                        "head of layer 3: expected a head of the entire vocabulary, got one that is already restricted");
    }

    private static BitSet ids(int... ids) {
        BitSet set = new BitSet();
        for (int id : ids) set.set(id);
        return set;
    }

    private static BitSet range(int from, int to) {
        BitSet set = new BitSet();
        set.set(from, to);
        return set;
    }

    private float[] numbers(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
