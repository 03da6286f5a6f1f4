package sparrow.models.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** An LFM2 of random K-quants, whose embedding is its output matrix: against the same numbers as f32, and against llama.cpp. */
@Tag("full")
class KQuantModelTest {
    private static final int WIDTH = 256;
    private static final int VOCABULARY = 128;
    private static final TransformerConfig CONFIG = new TransformerConfig(
            2, WIDTH, 4, 2, 64, WIDTH, VOCABULARY, 512, 1e-5f, new Rope(64, 1e6, Rope.Pairing.HALVES));

    /**
     * Above it a decision is clear, in root mean squares of the logits: llama.cpp rounds the inputs of K-quants to bytes, which moves
     * its own logits, against those of the same weights as f32, by 0.03 of that.
     */
    private static final double CLEAR = 0.2;

    private static final ComputePool POOL = new ComputePool(1);

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void isTheModelOfTheSameNumbersAsF32() throws IOException {
        try (GgufLanguageModel quantised = open(write(folder.resolve("k.gguf"), false));
                GgufLanguageModel plain = open(write(folder.resolve("f32.gguf"), true))) {
            Sequence sequence = new Sequence(quantised.transformer());
            Sequence twin = new Sequence(plain.transformer());
            int id = 1;
            for (int i = 0; i < 24; i++) {
                float[] expected = logits(plain, twin, id);

                float[] logits = logits(quantised, sequence, id);

                double size = 0;
                double difference = 0;
                for (int v = 0; v < logits.length; v++) {
                    size += expected[v] * expected[v];
                    difference += Math.pow(logits[v] - expected[v], 2);
                }
                assertThat(Math.sqrt(difference / size))
                        .as("logits of token " + i)
                        .isLessThan(2e-5);
                id = best(expected);
            }
        }
    }

    @Test
    void decidesAsLlamaCppWhereADecisionIsClear() throws IOException {
        JsonNode runs = new ObjectMapper()
                .readTree(Path.of(System.getProperty("sparrow.testdata"), "gguf-k", "greedy.json")
                        .toFile());
        int clear = 0;
        try (GgufLanguageModel model = open(write(folder.resolve("k.gguf"), false))) {
            for (JsonNode run : runs) {
                Sequence sequence = new Sequence(model.transformer());
                JsonNode prompt = run.path("prompt");
                for (int i = 0; i < prompt.size() - 1; i++) {
                    sequence.append(prompt.get(i).intValue());
                }
                int id = prompt.get(prompt.size() - 1).intValue();
                for (int i = 0; i < run.path("ids").size(); i++) {
                    float[] logits = logits(model, sequence, id);
                    id = run.path("ids").get(i).intValue();
                    if (run.path("margins").get(i).doubleValue() < CLEAR) continue;
                    clear++;
                    assertThat(best(logits))
                            .as("token " + i + " after " + prompt)
                            .isEqualTo(id);
                }
            }
        }
        assertThat(clear).isGreaterThan(150);
    }

    @Test
    void tapsThatDifferFromTheirKeyAreRefusedByName() throws IOException {
        Path file = write(folder.resolve("taps.gguf"), true, 4);

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": tensor blk.0.shortconv.conv.weight: expected shape [256, 4], found [256, 3]");
    }

    private static GgufLanguageModel open(Path file) throws IOException {
        return GgufLanguageModel.open(file, Optional.empty(), Optional.empty(), Kernels.create(POOL));
    }

    private static float[] logits(GgufLanguageModel model, Sequence sequence, int id) {
        sequence.append(id);
        model.transformer().forward(sequence.pendingBelow(CONFIG.layers()), CONFIG.layers());
        return model.heads()
                .at(CONFIG.layers())
                .logits(model.transformer().newHeadKernel(), List.of(sequence.newest()))
                .getFirst()
                .values();
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }

    /** The first layer convolves, the second attends. */
    static Path write(Path file, boolean asF32) throws IOException {
        return write(file, asF32, 3);
    }

    /** @param taps that the metadata tell; the convolution has 3 */
    private static Path write(Path file, boolean asF32, int taps) throws IOException {
        Map<String, GgufValue> keys =
                new LinkedHashMap<>(ModelKeys.lfm2(CONFIG, List.of(false, true), taps, "random", Quantisation.F16));
        keys.putAll(VocabularyKeys.meaningless(Architecture.LFM2, VOCABULARY));
        SplittableRandom random = new SplittableRandom(256);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(Names.EMBEDDING, KBlocks.random(random, DType.Q6_K, VOCABULARY));
        for (int layer = 1; layer <= 2; layer++) {
            for (String norm : List.of(Names.ATTENTION_NORM, Names.FFN_NORM)) {
                tensors.put(Names.weight(layer, norm), numbers(random, 0.5, 1.5, WIDTH));
            }
            tensors.put(Names.weight(layer, Names.GATE), KBlocks.random(random, DType.Q4_K, WIDTH));
            tensors.put(Names.weight(layer, Names.UP), KBlocks.random(random, DType.Q5_K, WIDTH));
            tensors.put(Names.weight(layer, Names.DOWN), KBlocks.random(random, DType.Q6_K, WIDTH));
        }
        tensors.put(Names.weight(1, Names.CONVOLUTION_INPUT), KBlocks.random(random, DType.Q4_K, 3 * WIDTH));
        tensors.put(Names.weight(1, Names.CONVOLUTION), numbers(random, -1, 1, WIDTH, 3));
        tensors.put(Names.weight(1, Names.CONVOLUTION_OUTPUT), KBlocks.random(random, DType.Q5_K, WIDTH));
        tensors.put(Names.weight(2, Names.QUERY), KBlocks.random(random, DType.Q4_K, WIDTH));
        tensors.put(Names.weight(2, Names.KEY), KBlocks.random(random, DType.Q5_K, WIDTH / 2));
        tensors.put(Names.weight(2, Names.VALUE), KBlocks.random(random, DType.Q6_K, WIDTH / 2));
        tensors.put(Names.weight(2, Names.ATTENTION_OUTPUT), KBlocks.random(random, DType.Q4_K, WIDTH));
        for (String norm : List.of(Names.QUERY_NORM, Names.KEY_NORM)) {
            tensors.put(Names.weight(2, norm), numbers(random, 0.5, 1.5, 64));
        }
        tensors.put(Architecture.LFM2.outputNorm(), numbers(random, 0.5, 1.5, WIDTH));
        if (asF32) {
            tensors.replaceAll((name, tensor) -> Tensor.of(
                    tensor.toFloats(),
                    tensor.shape().stream().mapToInt(Integer::intValue).toArray()));
        }
        List<TensorDescription> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> entries.add(new TensorDescription(name, tensor.dtype(), tensor.shape())));
        GgufWriter.write(file, keys, entries, (entry, to) -> TensorContents.write(tensors.get(entry.name()), to));
        return file;
    }

    private static Tensor numbers(SplittableRandom random, double from, double to, int... shape) {
        int count = 1;
        for (int size : shape) count *= size;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextDouble(from, to);
        return Tensor.of(values, shape);
    }
}
