package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.InterleaveFormat;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Sampling;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.StepListener;
import sparrow.engine.decode.TokenSpace;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.PendingRows;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.Safetensors;
import sparrow.engine.weights.SafetensorsFolder;

/** The random ChatGLM of the golden data against what the official module computed from it. */
class ChatGlmGoldenTest {
    /**
     * Absolute, as the golden data suggest: their own f32 noise is 3e-4 at values up to 40, and two summation orders
     * of four layers of width 64 differ by as much again.
     */
    private static final float TOLERANCE = 2e-3f;

    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice");

    private static SafetensorsFolder checkpoint;
    private static Safetensors expected;
    private static Transformer transformer;

    @BeforeAll
    static void open() throws IOException {
        Kernels kernels = Kernels.create(new ComputePool(1));
        checkpoint = SafetensorsFolder.open(GOLDEN.resolve("lm"));
        expected = Safetensors.open(GOLDEN.resolve("expected/lm.safetensors"));
        transformer = ChatGlm.transformer(
                ChatGlm.config(ChatGlm.read(GOLDEN.resolve("lm"))), checkpoint, kernels, kernels::view);
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        expected.close();
    }

    @Test
    void residualStreamAfterEveryLayerIsTheOfficialOne() {
        PendingRows rows = prompt(transformer);
        List<float[]> hidden = new ArrayList<>();
        rows.rowsTo(1).forEach(row -> hidden.add(row.hidden()));
        assertClose("hidden.embedding", concatenated(hidden));
        for (int layer = 1; layer <= 4; layer++) {
            transformer.forward(rows.rowsTo(layer));
            rows.reached(layer);

            assertClose("hidden.layer_" + (layer - 1), concatenated(hidden));
        }
    }

    @Test
    void keysAndValuesOfEveryLayerAreTheOfficialOnes() {
        PendingRows rows = prompt(transformer);

        transformer.forward(rows.rowsTo(4));

        for (int layer = 1; layer <= 4; layer++) {
            int l = layer;
            assertClose(
                    "kv.layer_" + (layer - 1) + ".key",
                    byGroup(p -> rows.cache().key(l, p), 48));
            assertClose(
                    "kv.layer_" + (layer - 1) + ".value",
                    byGroup(p -> rows.cache().value(l, p), 48));
        }
    }

    @Test
    void logitsOfEveryPositionAreTheOfficialOnes() {
        PendingRows rows = prompt(transformer);
        List<float[]> hidden = new ArrayList<>();
        rows.rowsTo(1).forEach(row -> hidden.add(row.hidden()));
        transformer.forward(rows.rowsTo(4));

        List<float[]> logits = new ArrayList<>();
        ExitHeads.none(transformer)
                .at(4)
                .logits(transformer.kernels(), hidden)
                .forEach(row -> logits.add(row.values()));

        assertClose("logits", concatenated(logits));
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2})
    void greedyContinuationIsIdentical(int threads) {
        try (ComputePool pool = new ComputePool(threads);
                Arena arena = Arena.ofShared()) {
            Kernels kernels = Kernels.create(pool);
            Transformer packed = ChatGlm.transformer(
                    transformer.config(), checkpoint, kernels, matrix -> kernels.pack(matrix, arena));
            // No end tokens: the golden continuation ignores them.
            LanguageModel model = new LanguageModel(
                    packed,
                    ExitHeads.none(packed),
                    new TokenSpace(422, 63, 485, Set.of()),
                    new InterleaveFormat(13, 26));
            Decoder decoder = new Decoder(model, ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(60));

            int[] tokens = decoder.reply(
                            new Sequence(model), expected.tensor("input_ids").toInts(), StepListener.NONE)
                    .tokens();

            assertThat(tokens).isEqualTo(expected.tensor("greedy_ids").toInts());
        }
    }

    private static PendingRows prompt(Transformer transformer) {
        PendingRows rows = new PendingRows(transformer);
        for (int id : expected.tensor("input_ids").toInts()) rows.append(transformer.embed(id));
        return rows;
    }

    private static void assertClose(String name, float[] actual) {
        float[] golden = expected.tensor(name).toFloats();
        assertThat(actual).as(name).hasSameSizeAs(golden);
        int worst = 0;
        for (int i = 1; i < golden.length; i++) {
            if (Math.abs(actual[i] - golden[i]) > Math.abs(actual[worst] - golden[worst])) worst = i;
        }
        assertThat(Math.abs(actual[worst] - golden[worst]))
                .as("%s at %d: expected %s, got %s", name, worst, golden[worst], actual[worst])
                .isLessThan(TOLERANCE);
    }

    private static float[] concatenated(List<float[]> rows) {
        float[] all = new float[rows.size() * rows.getFirst().length];
        for (int r = 0; r < rows.size(); r++) {
            System.arraycopy(rows.get(r), 0, all, r * rows.get(r).length, rows.get(r).length);
        }
        return all;
    }

    /** Rows [groups * width] of the cache, one per position, to the golden file's [groups, positions, width]. */
    private static float[] byGroup(IntFunction<float[]> cache, int positions) {
        int groups = transformer.config().kvHeads();
        int width = transformer.config().headWidth();
        float[] grouped = new float[groups * positions * width];
        for (int g = 0; g < groups; g++) {
            for (int p = 0; p < positions; p++) {
                System.arraycopy(cache.apply(p), g * width, grouped, (g * positions + p) * width, width);
            }
        }
        return grouped;
    }
}
