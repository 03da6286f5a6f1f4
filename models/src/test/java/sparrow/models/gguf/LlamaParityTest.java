package sparrow.models.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.Sequence;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The same file gives the same greedy tokens in llama.cpp. It rounds what we do not: activations to 8 bits (q8_0) or to
 * f16, keys and values to f16. So among many random prompts the one is compared whose closest decision is the clearest;
 * a near tie would compare roundings, not models.
 *
 * <p>Runs where node-llama-cpp is installed in {@code scripts/llama-peer}.
 */
class LlamaParityTest {
    private static final Path PEER = Path.of("../scripts/llama-peer");
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "glm-4-voice");
    private static final int TOKENS = 40;
    private static final int PROMPTS = 3000;
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels KERNELS = Kernels.create(POOL);

    @TempDir
    private Path folder;

    /** @param margin least distance of the best logit to the next over the spread of logits */
    private record Continuation(int[] prompt, int[] tokens, double margin) {}

    @BeforeEach
    void needsThePeer() {
        assumeTrue(Files.exists(PEER.resolve("node_modules")), "llama.cpp: not installed in scripts/llama-peer");
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8_0"})
    void chatglmContinuesAsInLlamaCpp(Quantisation quantisation) throws Exception {
        Path out = folder.resolve("golden");
        SpokenModels.convert(GOLDEN, Optional.empty(), Quantisations.of(quantisation), out, ConversionListener.NONE);

        // Ids 400 to 421 are control tokens, at some of which llama.cpp stops.
        compare(out.resolve("lm/model.gguf"), 485, id -> id >= 400 && id < 422);
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8_0"})
    void qwen2ContinuesAsInLlamaCpp(Quantisation quantisation) throws Exception {
        RandomGguf model = RandomGguf.qwen2(1);
        model.keys.putAll(VocabularyKeys.meaningless(Architecture.QWEN2, RandomGguf.VOCABULARY));

        compare(model.write(folder.resolve("qwen2.gguf"), quantisation.dtype()), 128, id -> id == 0);
    }

    /** In f16 only: its clearest decisions are too close for what llama.cpp rounds in q8_0. */
    @Test
    void convertedStepAudioContinuesAsInLlamaCpp() throws Exception {
        Path out = folder.resolve("step");
        SpokenModels.convert(
                GOLDEN.resolveSibling("step-audio-2-mini/ckpt"),
                Optional.empty(),
                Quantisations.of(Quantisation.F16),
                out,
                ConversionListener.NONE);

        // Named tokens are control tokens there, at some of which llama.cpp stops; the last ids have no token.
        compare(out.resolve("model.gguf"), 556, id -> id >= 556 && id < 609 || id >= 705);
    }

    private void compare(Path file, int vocabulary, IntPredicate control) throws Exception {
        Continuation ours = clearest(file, vocabulary, control);

        int[] theirs = peer(file, ours.prompt());

        System.getLogger("llama-parity")
                .log(System.Logger.Level.INFO, "least margin {0} of the logits' spread", ours.margin());
        assertThat(theirs)
                .as("prompt %s, margin %s", Arrays.toString(ours.prompt()), ours.margin())
                .isEqualTo(ours.tokens());
    }

    /** Of many random prompts the one with the largest least margin, if its continuation varies and meets no control id. */
    private static Continuation clearest(Path file, int vocabulary, IntPredicate control) throws IOException {
        try (GgufLanguageModel model = GgufLanguageModel.open(file, Optional.empty(), Optional.empty(), KERNELS)) {
            SplittableRandom random = new SplittableRandom(1);
            Continuation clearest = null;
            for (int i = 0; i < PROMPTS; i++) {
                int[] prompt = random.ints(12, 1, vocabulary).toArray();
                Continuation next = greedy(model, prompt);
                boolean usable = Arrays.stream(next.tokens()).noneMatch(control)
                        && Arrays.stream(next.tokens()).distinct().count() >= TOKENS / 4;
                if (usable && (clearest == null || next.margin() > clearest.margin())) clearest = next;
            }
            assertThat(clearest).as("a usable prompt").isNotNull();
            return clearest;
        }
    }

    private static Continuation greedy(GgufLanguageModel model, int[] prompt) {
        int layers = model.transformer().config().layers();
        Sequence sequence = new Sequence(model.transformer());
        for (int id : prompt) sequence.append(id);
        int[] tokens = new int[TOKENS];
        double margin = Double.MAX_VALUE;
        for (int i = 0; i < TOKENS; i++) {
            model.transformer().forward(sequence.pendingBelow(layers), layers);
            float[] logits = model.heads()
                    .at(layers)
                    .logits(model.transformer().newHeadKernel(), List.of(sequence.newest()))
                    .getFirst()
                    .values();
            for (int id = 1; id < logits.length; id++) if (logits[id] > logits[tokens[i]]) tokens[i] = id;
            margin = Math.min(margin, margin(logits, tokens[i]));
            sequence.append(tokens[i]);
        }
        return new Continuation(prompt, tokens, margin);
    }

    private static double margin(float[] logits, int best) {
        double second = Double.NEGATIVE_INFINITY;
        double squares = 0;
        for (int id = 0; id < logits.length; id++) {
            squares += logits[id] * logits[id];
            if (id != best) second = Math.max(second, logits[id]);
        }
        return (logits[best] - second) / Math.sqrt(squares / logits.length);
    }

    private int[] peer(Path file, int[] prompt) throws Exception {
        String ids = Arrays.stream(prompt).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Path output = folder.resolve("peer.txt");
        Process process = new ProcessBuilder("node", "peer.mjs", "greedy", file.toString(), "" + TOKENS, ids)
                .directory(PEER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES))
                    .as("llama.cpp ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        assertThat(process.exitValue()).as(text).isZero();
        String last = text.strip().lines().toList().getLast();
        return new ObjectMapper().readValue(last, int[].class);
    }
}
