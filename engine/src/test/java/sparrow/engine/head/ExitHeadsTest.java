package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.Machine;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.MissingTensorException;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Kernels;

/** Heads of a model of four layers, width 2 and a vocabulary of 5. */
@Tag("stack")
class ExitHeadsTest {
    private static final int WIDTH = 2;
    private static final int VOCABULARY = 5;
    private static final Map<String, String> PLAIN = Map.of("apply_final_norm", "false");
    private static final Map<String, String> NORMED = Map.of("apply_final_norm", "true");

    @TempDir
    Path folder;

    @RegisterExtension
    private final Machine machine = new Machine(1);

    private Kernels kernels;
    private Transformer transformer;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    @BeforeEach
    void build() {
        kernels = machine.kernels();
        TransformerConfig config = new TransformerConfig(
                4, WIDTH, 1, 1, WIDTH, 1, VOCABULARY, 16, 0, new Rope(WIDTH, 10_000, Rope.Pairing.HALVES));
        Linear any = new Linear(kernels.view(matrix(1, 1)), null);
        Layer layer =
                new Layer(new float[WIDTH], new SelfAttention(any, any, any, any), new float[WIDTH], any, any, any);
        transformer = machine.placed(new Transformer(
                config,
                kernels,
                matrix(VOCABULARY, WIDTH),
                Collections.nCopies(4, layer),
                new float[] {1, 10},
                kernels.view(matrix(VOCABULARY, WIDTH))));
    }

    @Test
    void fullHeadGivesAScoreToEveryToken() throws IOException {
        tensors.put("head.2.weight", numbers(VOCABULARY));

        ExitHead head = read(PLAIN).at(2);

        Logits logits = logits(head, 3, 4);
        // Rows are [0, 1], [2, 3], ...
        assertThat(logits.values()).containsExactly(4, 18, 32, 46, 60);
        assertThat(logits.tokens()).isNull();
        assertThat(head.layer()).isEqualTo(2);
    }

    @Test
    void restrictedHeadGivesAScoreToItsTokens() throws IOException {
        tensors.put("head.1.weight", numbers(2));
        tensors.put("head.1.tokens", Tensor.of(new int[] {4, 1}, 2));

        Logits logits = logits(read(PLAIN).at(1), 3, 4);

        assertThat(logits.values()).containsExactly(4, 18);
        assertThat(logits.token(0)).isEqualTo(4);
        assertThat(logits.token(1)).isEqualTo(1);
    }

    @Test
    void tokensMayBeLongs() throws IOException {
        tensors.put("head.1.weight", numbers(2));
        tensors.put("head.1.tokens", Tensor.of(new long[] {4, 1}, 2));

        Logits logits = logits(read(PLAIN).at(1), 3, 4);

        assertThat(logits.tokens()).containsExactly(4, 1);
    }

    @Test
    void finalNormComesFirstWhereTheFileSaysSo() throws IOException {
        tensors.put("head.3.weight", numbers(VOCABULARY));

        Logits logits = logits(read(NORMED).at(3), 7, 7);

        // The norm makes [7, 7] to [1, 1], its weight to [1, 10].
        assertThat(logits.values()).usingComparatorWithPrecision(1e-4f).containsExactly(10, 32, 54, 76, 98);
    }

    @Test
    void severalPositionsGetWhatEachGetsAlone() throws IOException {
        tensors.put("head.3.weight", numbers(VOCABULARY));
        ExitHead head = read(PLAIN).at(3);

        List<Logits> both = head.logits(transformer, List.of(new float[] {1, 0}, new float[] {0, 1}));

        assertThat(both.get(0).values()).containsExactly(0, 2, 4, 6, 8);
        assertThat(both.get(1).values()).containsExactly(1, 3, 5, 7, 9);
    }

    @Test
    @Tag("host")
    void scorerUsesItsMemoryForOnePositionAgain() throws IOException {
        tensors.put("head.3.weight", numbers(VOCABULARY));
        ExitHead head = read(PLAIN).at(3);
        HiddenState one = transformer.state(new float[] {1, 0});
        HiddenState other = transformer.state(new float[] {0, 1});
        HeadKernel headKernel = transformer.newHeadKernel();

        float[] first = head.logits(headKernel, List.of(one)).getFirst().values();
        List<Logits> both = head.logits(headKernel, List.of(one, other));
        assertThat(both.get(0).values()).containsExactly(0, 2, 4, 6, 8);
        float[] second = head.logits(headKernel, List.of(other)).getFirst().values();

        assertThat(second).isSameAs(first).containsExactly(1, 3, 5, 7, 9);
    }

    @Test
    void headsAreFoundByLayerAndTheModelsOwnIsTheLast() throws IOException {
        tensors.put("head.3.weight", numbers(VOCABULARY));
        tensors.put("head.1.weight", numbers(VOCABULARY));

        ExitHeads heads = read(PLAIN);

        assertThat(heads.layers()).containsExactly(1, 3);
        assertThat(heads.full().weights().parts()).containsExactly(transformer.output());
        assertThat(heads.full().weights().norm()).isEqualTo(transformer.finalNorm());
        assertThatThrownBy(() -> heads.at(2)).hasMessage("no exit head for layer 2");
        assertThat(ExitHeads.none(transformer).layers()).isEmpty();
    }

    @Test
    void layersThatTheModelHasNoHeadForAreRefused() {
        for (String layer : List.of("4", "5", "9999")) {
            refused(PLAIN, "head." + layer + ".weight", numbers(VOCABULARY))
                    .hasMessageEndingWith("tensor head." + layer + ": expected a layer from 1 to 3 of this model");
        }
        for (String name : List.of("head.0.weight", "head.-1.weight", "head.10000.weight", "head.01.weight", "norm")) {
            refused(PLAIN, name, numbers(VOCABULARY))
                    .hasMessageEndingWith("tensor " + name + ": expected head.LAYER.weight, .tokens, .translator or"
                            + " .translator_bias");
        }
        ExitHead last = ExitHeads.none(transformer).full();
        assertThatThrownBy(() -> ExitHeads.of(transformer, List.of(last)))
                .hasMessage("exit head of layer 4: the model has 4 layers");
    }

    @Test
    void weightsOfAnotherShapeOrTypeAreRefused() {
        refused(PLAIN, "head.1.weight", Tensor.of(new float[15], 5, 3))
                .hasMessageEndingWith("tensor head.1.weight: expected shape [-1, 2], found [5, 3]");
        refused(PLAIN, "head.1.weight", Tensor.of(new float[2], 2)).hasMessageContaining("expected shape");
        refused(PLAIN, "head.1.weight", Tensor.of(new int[10], 5, 2))
                .hasMessageEndingWith("expected numbers, found I32");
        refused(PLAIN, "head.1.weight", new Tensor(MemorySegment.ofArray(new double[10]), DType.F64, List.of(5, 2)))
                .hasMessageEndingWith("expected F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_K or Q6_K, found F64");
        refused(PLAIN, "head.1.weight", numbers(3))
                .hasMessageEndingWith("tensor head.1.weight: expected 5 rows, or a tensor head.1.tokens, found 3 rows");
        refused(PLAIN, "head.1.weight", numbers(0))
                .hasMessageEndingWith("tensor head.1.weight: expected 1 row or more, found 0");
    }

    @Test
    void tokensThatDoNotFitAreRefused() {
        tensors.put("head.1.weight", numbers(2));

        refused(PLAIN, "head.1.tokens", Tensor.of(new int[] {1, 5}, 2))
                .hasMessageEndingWith("tensor head.1.tokens: token id 5 outside the vocabulary");
        refused(PLAIN, "head.1.tokens", Tensor.of(new int[] {-1, 2}, 2)).hasMessageContaining("token id -1");
        refused(PLAIN, "head.1.tokens", Tensor.of(new int[] {2, 2}, 2)).hasMessageEndingWith("token id 2 twice");
        refused(PLAIN, "head.1.tokens", Tensor.of(new long[] {1L << 32, 1}, 2))
                .hasMessageEndingWith("tensor head.1.tokens: expected ids below 5, found larger ids");
        refused(PLAIN, "head.1.tokens", Tensor.of(new int[] {1, 2, 3}, 3))
                .hasMessageEndingWith("expected 2 integers, found I32 [3]");
        refused(PLAIN, "head.1.tokens", Tensor.of(new float[] {1, 2}, 2))
                .hasMessageEndingWith("expected 2 integers, found F32 [2]");
    }

    @Test
    void tokensWithoutTheirWeightAreAMissingWeight() {
        tensors.put("head.2.tokens", Tensor.of(new int[] {1}, 1));

        assertThatThrownBy(() -> read(PLAIN))
                .isInstanceOf(MissingTensorException.class)
                .hasMessageEndingWith("tensor head.2.weight is missing");
    }

    @Test
    void headWithATranslatorSharesTheModelsOutputMatrix() throws IOException {
        tensors.put("head.2.translator", Tensor.of(new float[] {0, 2, 1, 0}, 2, 2));
        tensors.put("head.2.translator_bias", Tensor.of(new float[] {10, 20}, 2));

        ExitHead head = read(PLAIN).at(2);

        assertThat(head.weights().parts()).containsExactly(transformer.output());
        // [3, 4] becomes [2 * 4 + 10, 3 + 20].
        float[] expected = logits(
                        ExitHeads.of(transformer, List.of(plainHead())).at(2), 18, 23)
                .values();
        assertThat(logits(head, 3, 4).values()).containsExactly(expected);
        assertThat(head.bytes()).isGreaterThan(transformer.output().bytes());
    }

    private ExitHead plainHead() {
        return new ExitHead(2, transformer.output(), null, null, 0);
    }

    @Test
    void normComesAfterTheTranslator() throws IOException {
        tensors.put("head.2.weight", numbers(VOCABULARY));
        tensors.put("head.2.translator", Tensor.of(new float[] {0, 1, 1, 0}, 2, 2));

        Logits logits = logits(read(NORMED).at(2), 0, 1);

        // Turned to [1, 0], made [sqrt(2), 0] by the norm.
        assertThat(logits.values())
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(
                        0, (float) (2 * Math.sqrt(2)), (float) (4 * Math.sqrt(2)), (float) (6 * Math.sqrt(2)), (float)
                                (8 * Math.sqrt(2)));
    }

    @Test
    void sharedMatrixIsReadForTheTokensOfTheHeadAlone() throws IOException {
        tensors.put("head.2.translator", Tensor.of(new float[] {1, 0, 0, 1}, 2, 2));
        tensors.put("head.2.tokens", Tensor.of(new int[] {4, 1}, 2));

        Logits logits = logits(read(PLAIN).at(2), 3, 4);

        float[] all = logits(plainHead(), 3, 4).values();
        assertThat(logits.values())
                .containsExactly(
                        Float.NEGATIVE_INFINITY, all[1], Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, all[4]);
    }

    @Test
    void translatorsThatDoNotFitAreRefused() {
        tensors.put("head.2.translator", Tensor.of(new float[4], 2, 2));

        refused(PLAIN, "head.2.translator_bias", Tensor.of(new float[3], 3))
                .hasMessageEndingWith("tensor head.2.translator_bias: expected shape [2], found [3]");
        refused(PLAIN, "head.2.tokens", Tensor.of(new int[0], 0))
                .hasMessageEndingWith("tensor head.2.tokens: expected 1 id or more, found 0");
        refused(PLAIN, "head.2.tokens", Tensor.of(new int[] {5}, 1)).hasMessageContaining("token id 5");
        refused(PLAIN, "head.2.translator", Tensor.of(new float[6], 3, 2))
                .hasMessageEndingWith("tensor head.2.translator: expected shape [2, 2], found [3, 2]");
    }

    @Test
    void biasWithoutItsTranslatorIsAMissingTranslator() {
        tensors.put("head.2.weight", numbers(VOCABULARY));
        tensors.put("head.2.translator_bias", Tensor.of(new float[2], 2));

        assertThatThrownBy(() -> read(PLAIN))
                .isInstanceOf(MissingTensorException.class)
                .hasMessageEndingWith("tensor head.2.translator is missing");
    }

    @Test
    void headsOfAnotherModelAreRefusedWhereTheFileSaysWhoseTheyAre() throws IOException {
        tensors.put("head.1.weight", numbers(VOCABULARY));
        String own = ModelFingerprint.of(transformer).toString();

        assertThat(read(Map.of("apply_final_norm", "false", "model_fingerprint", own))
                        .layers())
                .containsExactly(1);
        String other = "0".repeat(64);
        assertThatThrownBy(() -> read(Map.of("apply_final_norm", "false", "model_fingerprint", other)))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith("metadata model_fingerprint: expected " + own + ", found " + other
                        + ": the heads were trained for another model");
    }

    private Logits logits(ExitHead head, float... hidden) {
        return head.logits(transformer, List.of(hidden)).getFirst();
    }

    @Test
    void fileThatDoesNotSayWhetherTheNormComesFirstIsRefused() {
        for (Map<String, String> metadata : List.of(Map.<String, String>of(), Map.of("apply_final_norm", "yes"))) {
            refused(metadata, "head.1.weight", numbers(VOCABULARY))
                    .hasMessageContaining("metadata apply_final_norm: expected true or false, found \"");
        }
    }

    @Test
    void fileWithoutHeadsIsRefused() {
        assertThatThrownBy(() -> read(PLAIN))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(": expected tensors head.LAYER.weight, found none");
        tensors.put("model.norm.weight", numbers(1));
        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith(
                        "tensor model.norm.weight: expected head.LAYER.weight, .tokens, .translator or .translator_bias");
    }

    /** With one more tensor the file is refused; the tensor is taken out again. */
    private AbstractThrowableAssert<?, ?> refused(Map<String, String> metadata, String name, Tensor tensor) {
        tensors.put(name, tensor);
        try {
            return Assertions.assertThatThrownBy(() -> read(metadata))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(folder.resolve("heads.safetensors") + ": ")
                    .hasMessageNotContaining("\n");
        } finally {
            tensors.remove(name);
        }
    }

    private ExitHeads read(Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("heads.safetensors");
        SafetensorsWriter.write(file, tensors, metadata);
        try (Safetensors checkpoint = Safetensors.open(file)) {
            return ExitHeads.read(checkpoint, transformer, matrix -> kernels.pack(matrix, machine.arena()));
        }
    }

    /** Rows [0, 1], [2, 3], ... */
    private static Tensor numbers(int rows) {
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) values[i] = i;
        return Tensor.of(values, rows, WIDTH);
    }

    private Matrix matrix(int rows, int columns) {
        return Matrix.copyOf(new float[rows * columns], rows, columns, machine.arena());
    }

    /** A head of speech tokens would write speech into the text. */
    @Test
    void textDoesNotExitAtAHeadThatKnowsNoText() throws IOException {
        tensors.put("head.1.weight", numbers(VOCABULARY));
        tensors.put("head.3.weight", numbers(2));
        tensors.put("head.3.tokens", Tensor.of(new int[] {3, 4}, 2));
        TokenSpace tokens = new TokenSpace(3, 2, VOCABULARY, Set.of());

        TokenUnits units = new TokenUnits(transformer, read(PLAIN), tokens, new InterleaveFormat(1, 1));

        assertThat(units.exitLayers(Modality.TEXT)).containsExactly(1);
        assertThat(units.exitLayers(Modality.SPEECH)).containsExactly(1, 3);
    }
}
