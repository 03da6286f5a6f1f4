package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.models.GoldenBackbone;
import sparrow.models.TestedDevice;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The random ChatGLM of the golden data against what the official module computed from it. */
@Tag("stack")
class ChatGlmGoldenTest {
    /**
     * Absolute, as the golden data suggest: their own f32 noise is 3e-4 at values up to 40, and two summation orders
     * of four layers of width 64 differ by as much again.
     */
    private static final float TOLERANCE = 2e-3f;

    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice");

    private static SafetensorsFolder checkpoint;
    private static Safetensors expected;
    private static GoldenBackbone backbone;

    @BeforeAll
    static void open() throws IOException {
        Kernels kernels = Kernels.create(new ComputePool(1));
        checkpoint = SafetensorsFolder.open(GOLDEN.resolve("lm"));
        expected = Safetensors.open(GOLDEN.resolve("expected/lm.safetensors"));
        backbone = new GoldenBackbone(
                TestedDevice.placed(
                        ChatGlm.transformer(ChatGlm.read(GOLDEN.resolve("lm")), checkpoint, kernels, kernels::view)),
                expected);
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        expected.close();
    }

    @Test
    void residualStreamAfterEveryLayerIsTheOfficialOne() {
        Sequence sequence = prompt();
        backbone.assertClose(
                "hidden.embedding",
                GoldenBackbone.read(
                        sequence.pendingBelow(1).stream().map(Position::state).toList()),
                TOLERANCE);

        backbone.assertLayers("hidden.layer_", sequence, TOLERANCE);
    }

    @Test
    void keysAndValuesOfEveryLayerAreTheOfficialOnes() {
        Sequence sequence = prompt();

        backbone.run(sequence);

        KvCache cache = sequence.cache();
        for (int layer = 1; layer <= 4; layer++) {
            int l = layer;
            backbone.assertByHead("kv.layer_" + (layer - 1) + ".key", p -> cache.key(l, p), 48, TOLERANCE);
            backbone.assertByHead("kv.layer_" + (layer - 1) + ".value", p -> cache.value(l, p), 48, TOLERANCE);
        }
    }

    @Test
    void logitsOfEveryPositionAreTheOfficialOnes() {
        backbone.assertClose("logits", backbone.logits(backbone.run(prompt())), TOLERANCE);
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2})
    void greedyContinuationIsIdentical(int threads) throws IOException {
        try (ComputePool pool = new ComputePool(threads);
                Arena arena = Arena.ofShared()) {
            Kernels kernels = Kernels.create(pool);
            Transformer packed = ChatGlm.transformer(
                    ChatGlm.read(GOLDEN.resolve("lm")), checkpoint, kernels, matrix -> kernels.pack(matrix, arena));
            // No end tokens: the golden continuation ignores them.
            LanguageModel model = new LanguageModel(
                    packed,
                    ExitHeads.none(packed),
                    new TokenSpace(422, 63, 485, Set.of()),
                    new InterleaveFormat(13, 26));
            Decoder decoder =
                    new Decoder(model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(60)));

            int[] tokens = decoder.reply(Request.of(
                            new Sequence(model), expected.tensor("input_ids").toInts()))
                    .tokens();

            assertThat(tokens).isEqualTo(expected.tensor("greedy_ids").toInts());
        }
    }

    private static Sequence prompt() {
        return backbone.sequence(Arrays.stream(expected.tensor("input_ids").toInts())
                .mapToObj(backbone.transformer()::embed)
                .toList());
    }
}
