package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.formats.text.TextStream;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/**
 * Over keys and values in fewer bits the bundled model gives the replies to the questions that it gives over f32: to every
 * third of 120, or with {@code -Dsparrow.kv=all} to all.
 */
@Tag("full")
class NarrowKvAnswersTest {
    private static final Path QUESTIONS =
            Path.of(System.getProperty("sparrow.testdata")).resolve("demo-eval/questions.jsonl");

    private static final int STEP = "all".equals(System.getProperty("sparrow.kv")) ? 1 : 3;

    /** A near tie may flip one reply of a hundred. */
    private static final int MAX_DIFFERENT = 1;

    private record Replies(List<int[]> tokens, List<String> texts) {}

    private static ComputePool pool;
    private static Replies expected;

    @BeforeAll
    static void decode() throws IOException {
        pool = ComputePool.ofMachine();
        expected = replies(KvFormat.F32);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "Q8"})
    void repliesAreTheSame(KvFormat format) throws IOException {
        Replies actual = replies(format);

        assertThat(actual.texts()).isEqualTo(expected.texts());
        long different = IntStream.range(0, expected.tokens().size())
                .filter(i ->
                        !Arrays.equals(actual.tokens().get(i), expected.tokens().get(i)))
                .count();
        System.getLogger("narrow-kv").log(System.Logger.Level.INFO, format + ": different replies: " + different);
        assertThat(expected.tokens()).hasSize(120 / STEP);
        assertThat(different).isLessThanOrEqualTo(MAX_DIFFERENT);
    }

    private static Replies replies(KvFormat format) throws IOException {
        Kernels kernels = Kernels.create(pool).withKvFormat(format);
        try (SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, kernels)) {
            Decoder decoder = StrategyFactory.decoder(
                    model.languageModel(), new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(180)));
            List<Request> requests = new ArrayList<>();
            List<String> lines = Files.readAllLines(QUESTIONS);
            for (int i = 0; i < lines.size(); i += STEP) {
                requests.add(Request.of(new Sequence(model.languageModel()), prompt(model, lines.get(i))));
            }
            List<int[]> tokens =
                    decoder.replies(requests).stream().map(Reply::tokens).toList();
            return new Replies(
                    tokens, tokens.stream().map(reply -> text(model, reply)).toList());
        }
    }

    private static int[] prompt(SpokenModel model, String line) throws IOException {
        JsonNode codes = new ObjectMapper().readTree(line).path("codes");
        int[] ids = IntStream.range(0, codes.size())
                .map(i -> codes.get(i).intValue())
                .toArray();
        return model.prompt(new Question.Codes(ids), TurnPosition.FIRST).tokens();
    }

    private static String text(SpokenModel model, int[] tokens) {
        StringBuilder text = new StringBuilder();
        TextStream stream = model.textStream();
        for (int token : tokens) text.append(stream.accept(token));
        return text.append(stream.finish()).toString();
    }
}
