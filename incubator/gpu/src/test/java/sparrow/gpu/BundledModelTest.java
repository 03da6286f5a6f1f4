package sparrow.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.device.NoDeviceException;
import sparrow.engine.device.Placement;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TurnPosition;
import sparrow.speech.vocode.FlowSettings;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;

/**
 * The bundled model says on a device what it says on the processor: to 2 of the example questions, or to all 12 with {@code
 * -Dsparrow.questions=12}. A difference would be a tie, or a defect.
 */
@Tag("device")
class BundledModelTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");

    private static ComputePool pool;
    private static SpokenModel here;
    private static SpokenModel there;
    private static final List<int[]> PROMPTS = new ArrayList<>();

    /** Once; for each test, so that each says why it is skipped. */
    @BeforeEach
    void open() throws IOException {
        DeviceUnderTest.info();
        if (there != null) return;
        pool = ComputePool.ofMachine();
        Kernels kernels = Kernels.create(pool);
        here = SpokenModels.bundled(OpenOptions.NONE, kernels);
        there = SpokenModels.bundled(onDevice(), kernels);
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<Path> questions = files.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .limit(Integer.getInteger("sparrow.questions", 2))
                    .toList();
            for (Path question : questions) {
                PROMPTS.add(here.prompt(new Question.Spoken(WavFile.read(question)), TurnPosition.FIRST)
                        .tokens());
            }
        }
        assertThat(PROMPTS).isNotEmpty();
    }

    private static OpenOptions onDevice() {
        return new OpenOptions(
                Optional.empty(),
                Optional.empty(),
                FlowSettings.PUBLISHED,
                Optional.of(Placement.on(new GpuProvider(), DeviceUnderTest.info())));
    }

    @AfterAll
    static void close() {
        if (there == null) return;
        there.close();
        here.close();
        pool.close();
    }

    private static Decoder decoder(SpokenModel model, ExitPlan plan) {
        return StrategyFactory.decoder(
                model.languageModel(), new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(180)));
    }

    private static List<Request> requests(SpokenModel model) {
        return PROMPTS.stream()
                .map(prompt -> Request.of(new Sequence(model.languageModel()), prompt))
                .toList();
    }

    private static void assertSame(Reply there, Reply here, int question) {
        assertThat(there.tokens()).as("question %d", question).isEqualTo(here.tokens());
        assertThat(there.steps().stream().map(Step::exitLayer))
                .as("layers of question %d", question)
                .isEqualTo(here.steps().stream().map(Step::exitLayer).toList());
        assertThat(there.stop()).isEqualTo(here.stop());
    }

    @Test
    void aDeviceKeepsKeysAndValuesInOneWay() {
        Kernels narrow = Kernels.create(pool).withKvFormat(KvFormat.Q8);
        assertThatThrownBy(() -> SpokenModels.bundled(onDevice(), narrow))
                .isInstanceOf(NoDeviceException.class)
                .hasMessage("keys and values are kept as f32 on a device, got q8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "even:12", "triple:12", "conf:12:0.5", "draft:12:3", "speculate:3"})
    void repliesAreThoseOfTheProcessor(String policy) {
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse(policy));
        for (int i = 0; i < PROMPTS.size(); i++) {
            assertSame(
                    decoder(there, plan).reply(requests(there).get(i)),
                    decoder(here, plan).reply(requests(here).get(i)),
                    i);
        }
    }

    /** Rows of several sequences in one pass. */
    @Test
    void repliesTogetherAreThoseOfTheProcessor() {
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("even:12"));
        List<Reply> replies = decoder(there, plan).replies(requests(there));
        List<Reply> expected = decoder(here, plan).replies(requests(here));
        for (int i = 0; i < PROMPTS.size(); i++) assertSame(replies.get(i), expected.get(i), i);
    }

    @Test
    void sampledRepliesAreThoseOfTheProcessor() {
        Sampling sampling = new Sampling(0.7, 0, 0.9, 1.05, 11);
        for (int i = 0; i < PROMPTS.size(); i++) {
            GenerationConfig config = new GenerationConfig(ExitPlan.NONE, sampling, Limits.newTokens(180));
            assertSame(
                    StrategyFactory.decoder(there.languageModel(), config)
                            .reply(requests(there).get(i)),
                    StrategyFactory.decoder(here.languageModel(), config)
                            .reply(requests(here).get(i)),
                    i);
        }
    }
}
