package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.Machine;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.SelfAttention;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.MissingTensorException;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.tensor.Matrix;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Kernels;

/** A cell of width 6 with 9 inner channels. */
class DraftHeadTest {
    private static final int WIDTH = 6;
    private static final int INNER = 9;
    private static final float EPSILON = 1e-3f;
    private static final Map<String, String> TRAINED = Map.of("trained_steps", "3");

    @TempDir
    Path folder;

    @RegisterExtension
    private final Machine machine = new Machine(2);

    private final SplittableRandom random = new SplittableRandom(17);
    private final float[] a = numbers(INNER * 2 * WIDTH);
    private final float[] bias = numbers(INNER);
    private final float[] b = numbers(WIDTH * INNER);
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private Kernels kernels;
    private Transformer transformer;

    @BeforeEach
    void build() {
        kernels = machine.kernels();
        TransformerConfig config =
                new TransformerConfig(2, WIDTH, 1, 1, 2, 1, 5, 16, EPSILON, new Rope(2, 10_000, Rope.Pairing.HALVES));
        Linear any = new Linear(kernels.view(matrix(1, 1)), null);
        Layer layer =
                new Layer(new float[WIDTH], new SelfAttention(any, any, any, any), new float[WIDTH], any, any, any);
        transformer = new Transformer(
                config,
                kernels,
                matrix(5, WIDTH),
                Collections.nCopies(2, layer),
                new float[WIDTH],
                kernels.view(matrix(5, WIDTH)));
        tensors.put("step.A.weight", Tensor.of(a, INNER, 2 * WIDTH));
        tensors.put("step.A.bias", Tensor.of(bias, INNER));
        tensors.put("step.B.weight", Tensor.of(b, WIDTH, INNER));
    }

    @Test
    void stepsAreThoseOfTheFormula() throws IOException {
        DraftHead head = read(TRAINED);
        float[] state = numbers(WIDTH);
        double[] expected = doubles(state);
        for (int step = 0; step < 3; step++) {
            float[] embedding = numbers(WIDTH);

            state = head.next(kernels, List.of(state), List.of(embedding)).getFirst();

            expected = formula(expected, doubles(embedding));
            for (int c = 0; c < WIDTH; c++) {
                assertThat((double) state[c]).isCloseTo(expected[c], within(1e-4 * (1 + Math.abs(expected[c]))));
            }
        }
        assertThat(head.trainedSteps()).isEqualTo(3);
        assertThat(head.bytes()).isPositive();
    }

    private double[] formula(double[] u, double[] e) {
        double squares = 0;
        for (double x : u) squares += x * x;
        double scale = 1 / Math.sqrt(squares / WIDTH + EPSILON);
        double[] next = u.clone();
        for (int i = 0; i < INNER; i++) {
            double z = bias[i];
            for (int c = 0; c < WIDTH; c++) {
                z += a[i * 2 * WIDTH + c] * scale * u[c] + a[i * 2 * WIDTH + WIDTH + c] * e[c];
            }
            double silu = z / (1 + Math.exp(-z));
            for (int c = 0; c < WIDTH; c++) next[c] += b[c * INNER + i] * silu;
        }
        return next;
    }

    @Test
    void severalSequencesGetWhatEachGetsAloneAndTheirStatesStay() throws IOException {
        DraftHead head = read(TRAINED);
        List<float[]> states = new ArrayList<>();
        List<float[]> embeddings = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            states.add(numbers(WIDTH));
            embeddings.add(numbers(WIDTH));
        }
        List<float[]> before = states.stream().map(float[]::clone).toList();

        List<float[]> together = head.next(kernels, states, embeddings);

        for (int i = 0; i < 7; i++) {
            float[] alone = head.next(kernels, List.of(states.get(i)), List.of(embeddings.get(i)))
                    .getFirst();
            for (int c = 0; c < WIDTH; c++) assertThat(together.get(i)[c]).isCloseTo(alone[c], within(1e-5f));
            assertThat(states.get(i)).containsExactly(before.get(i));
        }
        assertThatThrownBy(() -> head.next(kernels, states, List.of()))
                .hasMessage("draft head: 7 states for 0 embeddings");
    }

    @Test
    void headsKeepItBesideTheOthers() throws IOException {
        DraftHead head = read(TRAINED);

        assertThat(ExitHeads.none(transformer).draft()).isEmpty();
        assertThat(ExitHeads.none(transformer).withDraft(head).draft()).containsSame(head);
        assertThat(ExitHeads.none(transformer).withDraft(head).full().layer()).isEqualTo(2);
    }

    @Test
    void tensorsOfAnotherShapeOrNameAreRefused() {
        refused("step.A.weight", Tensor.of(new float[INNER * WIDTH], INNER, WIDTH))
                .hasMessageEndingWith("tensor step.A.weight: expected shape [-1, 12], found [9, 6]");
        refused("step.A.weight", Tensor.of(new float[0], 0, 2 * WIDTH))
                .hasMessageEndingWith("tensor step.A.weight: expected 1 row or more, found 0");
        refused("step.A.bias", Tensor.of(new float[8], 8)).hasMessageEndingWith("expected shape [9], found [8]");
        refused("step.B.weight", Tensor.of(b, INNER, WIDTH))
                .hasMessageEndingWith("tensor step.B.weight: expected shape [6, 9], found [9, 6]");
        refused("step.C.weight", Tensor.of(b, INNER, WIDTH))
                .hasMessageEndingWith("tensor step.C.weight: expected step.A.weight, step.A.bias and step.B.weight");
        refused("step.A.bias", Tensor.of(new int[INNER], INNER)).hasMessageEndingWith("expected numbers, found I32");
    }

    @Test
    void missingTensorsAreRefused() {
        for (String name : List.copyOf(tensors.keySet())) {
            Tensor taken = tensors.remove(name);
            assertThatThrownBy(() -> read(TRAINED))
                    .isInstanceOf(MissingTensorException.class)
                    .hasMessageEndingWith("tensor " + name + " is missing");
            tensors.put(name, taken);
        }
    }

    @Test
    void fileThatDoesNotSayHowFarItLooksIsRefused() {
        for (String steps : List.of("", "0", "65", "100", "-1", "three")) {
            assertThatThrownBy(() -> read(Map.of("trained_steps", steps)))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageEndingWith("metadata trained_steps: expected 1 to 64, found \"" + steps + "\"");
        }
    }

    @Test
    void headOfAnotherModelIsRefused() throws IOException {
        String own = ModelFingerprint.of(transformer).toString();
        String other = "0".repeat(64);

        assertThat(read(Map.of("trained_steps", "2", "model_fingerprint", own)).trainedSteps())
                .isEqualTo(2);
        assertThatThrownBy(() -> read(Map.of("trained_steps", "2", "model_fingerprint", other)))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith("metadata model_fingerprint: expected " + own + ", found " + other
                        + ": the heads were trained for another model");
    }

    @Test
    void damagedWeightsNeverMakeAState() {
        float[] damaged = b.clone();
        damaged[3] = Float.NaN;
        tensors.put("step.B.weight", Tensor.of(damaged, WIDTH, INNER));

        // Where it is noticed, when the file is read or when it runs, is the loader's matter.
        assertThatThrownBy(() -> read(TRAINED).next(kernels, List.of(numbers(WIDTH)), List.of(numbers(WIDTH))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
        tensors.put("step.B.weight", Tensor.of(b, WIDTH, INNER));
        bias[1] = Float.NaN;
        tensors.put("step.A.bias", Tensor.of(bias, INNER));
        assertThatThrownBy(() -> read(TRAINED))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("tensor step.A.bias");
    }

    private AbstractThrowableAssert<?, ?> refused(String name, Tensor tensor) {
        Tensor before = tensors.put(name, tensor);
        try {
            return assertThatThrownBy(() -> read(TRAINED))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageStartingWith(folder.resolve("step-head.safetensors") + ": ")
                    .hasMessageNotContaining("\n");
        } finally {
            if (before == null) tensors.remove(name);
            else tensors.put(name, before);
        }
    }

    private DraftHead read(Map<String, String> metadata) throws IOException {
        Path file = folder.resolve("step-head.safetensors");
        SafetensorsWriter.write(file, tensors, metadata);
        try (Safetensors checkpoint = Safetensors.open(file)) {
            return DraftHead.read(checkpoint, transformer, matrix -> kernels.pack(matrix, machine.arena()));
        }
    }

    private float[] numbers(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) doubles[i] = values[i];
        return doubles;
    }

    private Matrix matrix(int rows, int columns) {
        return Matrix.copyOf(new float[rows * columns], rows, columns, machine.arena());
    }
}
