package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Speculation;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.TurnPosition;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * With its draft head the bundled model gives the replies that it gives at full depth, in fewer passes: to 30 questions, or to all
 * 120 with {@code -Dsparrow.questions=120}.
 */
@Tag("full")
@Tag("stack")
@Tag("long")
class HeadDraftedAnswersTest {
    private static final Path QUESTIONS =
            Path.of(System.getProperty("sparrow.testdata")).resolve("demo-eval/questions.jsonl");

    private static final Sampling SAMPLED = new Sampling(0.7, 0, 0.9, 1.05, 11);

    private static ComputePool pool;
    private static SpokenModel model;
    private static List<int[]> prompts;
    private static List<Reply> full;

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(pool));
        prompts = new ArrayList<>();
        int questions = Integer.getInteger("sparrow.questions", 30);
        for (String line : Files.readAllLines(QUESTIONS).subList(0, questions)) {
            JsonNode codes = new ObjectMapper().readTree(line).path("codes");
            int[] ids = IntStream.range(0, codes.size())
                    .map(i -> codes.get(i).intValue())
                    .toArray();
            prompts.add(
                    model.prompt(new Question.Codes(ids), TurnPosition.FIRST).tokens());
        }
        full = replies(ExitPlan.NONE, Sampling.GREEDY);
    }

    @AfterAll
    static void close() {
        model.close();
        pool.close();
    }

    private static List<Reply> replies(ExitPlan plan, Sampling sampling) {
        List<Request> requests = IntStream.range(0, prompts.size())
                .mapToObj(i -> Request.of(new Sequence(model.languageModel()), prompts.get(i))
                        .withStream(i))
                .toList();
        GenerationConfig config = new GenerationConfig(plan, sampling, Limits.newTokens(180));
        return StrategyFactory.decoder(model.languageModel(), config).replies(requests);
    }

    private static ExitPlan ahead(int most) {
        return new ExitPlan(new Speculation.DraftHeadPolicy(most), new Speculation.DraftHeadPolicy(most));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void repliesAreThoseOfFullDepth(int most) {
        assertSame(replies(ahead(most), Sampling.GREEDY), full);
    }

    @Tag("full")
    @Test
    void sampledRepliesAreThoseOfFullDepth() {
        assertSame(replies(ahead(3), SAMPLED), replies(ExitPlan.NONE, SAMPLED));
    }

    private static void assertSame(List<Reply> drafted, List<Reply> full) {
        for (int i = 0; i < full.size(); i++) {
            assertThat(drafted.get(i).tokens())
                    .as("question %d", i)
                    .isEqualTo(full.get(i).tokens());
            assertThat(drafted.get(i).stop()).isEqualTo(full.get(i).stop());
        }
    }

    @Test
    void speechTakesAThirdOfTheReadings() {
        List<Reply> replies = replies(ExitPlan.speech(new Speculation.DraftHeadPolicy(3)), Sampling.GREEDY);

        List<Step> steps =
                replies.stream().flatMap(reply -> reply.steps().stream()).toList();
        ComputeStats compute = replies.stream().map(Reply::compute).reduce(ComputeStats.NONE, ComputeStats::plus);
        DepthSummary depth = DepthSummary.of(steps, compute, 16);
        assertThat(depth.speechLayersRead()).isLessThan(5.5);
        // Of three drafts in a row, those behind a wrong one are lost.
        assertThat(depth.accepted()).isGreaterThan(0.75);
    }
}
