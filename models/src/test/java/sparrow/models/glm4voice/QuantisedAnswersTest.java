package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.formats.text.TextStream;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The bundled model in q8_0 answers as it does in bf16. The system property {@code sparrow.questions} sets how many of
 * the 120 evaluation questions are asked.
 */
class QuantisedAnswersTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path TINY = TESTDATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny");
    private static final int QUESTIONS = Integer.getInteger("sparrow.questions", 12);

    @TempDir
    private static Path folder;

    private static ComputePool pool;
    private static SpokenModel original;
    private static SpokenModel quantised;

    @BeforeAll
    static void open() throws IOException {
        Path q8 = folder.resolve("q8");
        Glm4VoiceConversion.convert(
                TINY, Optional.empty(), Quantisations.of(Quantisation.Q8_0), q8, ConversionListener.NONE);
        pool = ComputePool.ofMachine();
        Kernels kernels = Kernels.create(pool);
        original = SpokenModels.open(TINY, OpenOptions.NONE, kernels);
        quantised = SpokenModels.open(q8, OpenOptions.NONE, kernels);
    }

    @AfterAll
    static void close() {
        quantised.close();
        original.close();
        pool.close();
    }

    @Tag("full")
    @ParameterizedTest
    @ValueSource(strings = {"none", "even:12"})
    void answersAreThoseOfTheUnquantisedModel(String policy) throws IOException {
        List<int[]> before = replies(original, policy);
        List<int[]> after = replies(quantised, policy);

        int sameTokens = count(i -> Arrays.equals(before.get(i), after.get(i)));
        int sameTexts = count(i -> text(original, before.get(i)).equals(text(quantised, after.get(i))));

        System.getLogger("quantised-answers")
                .log(
                        System.Logger.Level.INFO,
                        "{0}: of {1} replies {2} identical token for token, {3} in their text",
                        policy,
                        QUESTIONS,
                        sameTokens,
                        sameTexts);
        assertThat(sameTexts).as("texts that are unchanged").isGreaterThanOrEqualTo(QUESTIONS - QUESTIONS / 20);
    }

    private static int count(IntPredicate holds) {
        return (int) IntStream.range(0, QUESTIONS).filter(holds).count();
    }

    private static List<int[]> replies(SpokenModel model, String policy) throws IOException {
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse(policy));
        Decoder decoder = StrategyFactory.decoder(
                model.languageModel(), new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(180)));
        try (Stream<String> lines = Files.lines(TESTDATA.resolve("demo-eval/questions.jsonl"))) {
            // One by one, as a conversation decodes: a batch goes through other kernels.
            return lines.limit(QUESTIONS)
                    .map(line -> decoder.reply(Request.of(new Sequence(model.languageModel()), prompt(model, line)))
                            .tokens())
                    .toList();
        }
    }

    private static int[] prompt(SpokenModel model, String line) {
        try {
            JsonNode codes = new ObjectMapper().readTree(line).path("codes");
            int[] ids = IntStream.range(0, codes.size())
                    .map(i -> codes.get(i).intValue())
                    .toArray();
            return model.prompt(new Question.Codes(ids), TurnPosition.FIRST).tokens();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(SpokenModel model, int[] tokens) {
        StringBuilder text = new StringBuilder();
        TextStream stream = model.textStream();
        for (int token : tokens) text.append(stream.accept(token));
        return text.append(stream.finish()).toString();
    }
}
