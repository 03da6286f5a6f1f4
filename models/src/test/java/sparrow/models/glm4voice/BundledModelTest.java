package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;
import sparrow.engine.decode.speculate.StrategyFactory;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.formats.weights.Safetensors;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.TurnPosition;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** The bundled model from waveform to waveform, and against the values of an independent reference. */
@Tag("stack")
@Tag("long")
class BundledModelTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path EXAMPLES = TESTDATA.resolve("../examples");
    private static final int LAYERS = 16;

    private static ComputePool pool;
    private static SpokenModel model;

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(pool));
    }

    @AfterAll
    static void close() {
        model.close();
        pool.close();
    }

    @Test
    void aModelUnderInstructionsHasThemWhereAConversationHasNone() {
        Question question = new Question.Typed("five plus eight");
        SpokenModel brief = model.withInstructions("Be brief.");

        assertThat(brief.prompt(question, TurnPosition.FIRST).tokens())
                .isEqualTo(model.prompt(question, TurnPosition.FIRST, Optional.of("Be brief."))
                        .tokens())
                .isNotEqualTo(model.prompt(question, TurnPosition.FIRST).tokens());
        assertThat(brief.prompt(question, TurnPosition.FIRST, Optional.of("Be long."))
                        .tokens())
                .isEqualTo(model.prompt(question, TurnPosition.FIRST, Optional.of("Be long."))
                        .tokens());
    }

    static Stream<String[]> examples() throws IOException {
        return Files.readAllLines(EXAMPLES.resolve("expected.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t"));
    }

    static Stream<String[]> firstExamples() throws IOException {
        return examples().limit(4);
    }

    static Stream<String[]> otherExamples() throws IOException {
        return examples().skip(4);
    }

    static Stream<JsonNode> demoItems() throws IOException {
        List<JsonNode> items = new ArrayList<>();
        new ObjectMapper()
                .readTree(TESTDATA.resolve("tiny/demo.json").toFile())
                .path("items")
                .forEach(items::add);
        return items.stream();
    }

    @ParameterizedTest(name = "{0}")
    @Tag("full")
    @MethodSource("otherExamples")
    void otherExampleIsAnsweredAsExpectedAtFullDepth(String file, String question, String reference, String expected)
            throws IOException {
        exampleIsAnsweredAsExpectedAtFullDepth(file, question, reference, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firstExamples")
    void exampleIsAnsweredAsExpectedAtFullDepth(String file, String question, String reference, String expected)
            throws IOException {
        Answer answer = conversation(ExitPlan.NONE, Limits.newTokens(180)).ask(example(file), ReplyListener.NONE);

        assertThat(answer.text()).isEqualTo(expected);
        assertThat(answer.reply().stop()).isEqualTo(StopReason.END_TOKEN);
        assertThat(answer.speech().samples()).hasSize(samplesOf(answer));
    }

    @Tag("full")
    @ParameterizedTest
    @MethodSource("demoItems")
    void promptAndRepliesAreThoseOfTheReference(JsonNode item) throws IOException {
        int[] prompt = model.prompt(example(item.path("file").asText()), TurnPosition.FIRST)
                .tokens();

        assertThat(prompt).isEqualTo(ints(item.path("prompt_ids")));
        assertThat(reply(prompt, "none")).isEqualTo(ints(item.path("greedy_ids")));
        assertThat(reply(prompt, "even:12")).isEqualTo(ints(item.path("even12_ids")));
    }

    /**
     * The golden values were computed by another library in f32: the same 5e-4 relative bound as its own noise against
     * a second implementation (1.8e-5 at logits of a standard deviation of 4), with room for states that reach 40.
     */
    @Test
    void hiddenStatesAreThoseOfTheReference() throws IOException {
        try (Safetensors golden = Safetensors.open(TESTDATA.resolve("tiny/lm_case.safetensors"))) {
            Sequence sequence = new Sequence(model.languageModel().transformer());
            for (int id : golden.tensor("prompt").toInts()) {
                sequence.append(id);
            }

            assertClose(golden, "h0", sequence.newest().read());
            for (int layer : new int[] {1, 8, 16}) {
                model.languageModel().transformer().forward(sequence.pendingBelow(layer), layer);
                assertClose(golden, "h" + layer, sequence.newest().read());
            }
            assertClose(
                    golden,
                    "logits_last",
                    model.languageModel()
                            .heads()
                            .at(LAYERS)
                            .logits(model.languageModel().transformer().newHeadKernel(), List.of(sequence.newest()))
                            .getFirst()
                            .values());
        }
    }

    @Test
    void defaultPlanIsEvenAtLayer12AndSavesAnEighthOfTheSpeechDepth() throws IOException {
        assertThat(model.defaultPlan()).isEqualTo(ExitPlan.speech(DepthPolicy.parse("even:12")));

        Answer answer =
                conversation(model.defaultPlan(), Limits.newTokens(180)).ask(example("q01.wav"), ReplyListener.NONE);

        DepthSummary depth = DepthSummary.of(answer.reply(), LAYERS);
        assertThat(depth.depthSaved()).isCloseTo(0.125, within(0.01));
        assertThat(depth.averageTextExit()).isEqualTo(LAYERS);
    }

    @Test
    void laterTurnsKeepTheCacheAndCarryWhatTheReplyLeftPending() throws IOException {
        Conversation conversation = conversation(model.defaultPlan(), Limits.newTokens(180));
        Answer first = conversation.ask(example("q01.wav"), ReplyListener.NONE);
        int lengthBefore = conversation.length();

        Answer second = conversation.ask(example("q03.wav"), ReplyListener.NONE);

        // The end token was decided but never fed; the next turn begins with the same <|user|>.
        assertThat(lengthBefore)
                .isEqualTo(
                        first.prompt().tokens().length + first.reply().steps().size() - 1);
        assertThat(second.prompt().tokens()[0]).isEqualTo(519);
        assertThat(conversation.length())
                .isEqualTo(lengthBefore
                        + second.prompt().tokens().length
                        + second.reply().steps().size()
                        - 1);
        assertThat(second.reply().tokens()).isEqualTo(asOneSequence(first, second));
    }

    @Test
    void systemTurnIsSharedByConversationsAndChangesNothing() throws IOException {
        Prompt prompt = model.prompt(example("q03.wav"), TurnPosition.FIRST);
        Sequence shared = model.begin(prompt);

        Reply reply = decoder("even:12").reply(Request.of(shared, prompt.tokens(), List.of(), prompt.shared()));

        // [gMASK], <sop>, <|system|> and the instruction; the user's turn comes next.
        assertThat(prompt.shared()).isGreaterThan(3);
        assertThat(prompt.tokens()[prompt.shared()]).isEqualTo(519);
        assertThat(model.prompt(example("q01.wav"), TurnPosition.FIRST).shared())
                .isEqualTo(prompt.shared());
        assertThat(model.prompt(example("q01.wav"), TurnPosition.LATER).shared())
                .isZero();
        assertThat(reply.tokens()).isEqualTo(reply(prompt.tokens(), "even:12"));
    }

    @Test
    void replyThatALimitCutsOffStillSpeaksItsLastCodes() throws IOException {
        Answer answer = conversation(ExitPlan.NONE, Limits.newTokens(30)).ask(example("q01.wav"), ReplyListener.NONE);

        assertThat(answer.reply().stop()).isEqualTo(StopReason.NEW_TOKENS);
        assertThat(answer.speech().samples()).hasSize(samplesOf(answer));
    }

    @Test
    void interruptionStopsDecodingAndSpeaksWhatWasDecided() throws IOException {
        ReplyListener interrupting = new ReplyListener() {
            private int steps;

            @Override
            public void step(Step step) {
                if (++steps == 20) Thread.currentThread().interrupt();
            }
        };

        Answer answer = conversation(ExitPlan.NONE, Limits.newTokens(180)).ask(example("q01.wav"), interrupting);

        // The flag is left for the caller to see; taking it back here keeps later tests undisturbed.
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.reply().stop()).isEqualTo(StopReason.INTERRUPTED);
        assertThat(answer.reply().steps()).hasSize(21);
        assertThat(answer.speech().samples()).hasSize(samplesOf(answer));
    }

    @Test
    void speechTailGuardFiresAfterTheTextHasEnded() throws IOException {
        Answer answer = conversation(ExitPlan.NONE, new Limits(180, 3)).ask(example("q03.wav"), ReplyListener.NONE);

        assertThat(answer.reply().stop()).isEqualTo(StopReason.SPEECH_TAIL);
        assertThat(answer.text()).startsWith("five plus eight is thirteen.");
    }

    @Test
    void listenerHearsTheAnswerWhileItIsMade() throws IOException {
        List<Step> steps = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        List<float[]> pieces = new ArrayList<>();
        ReplyListener listener = new ReplyListener() {
            @Override
            public void step(Step step) {
                steps.add(step);
            }

            @Override
            public void text(String piece) {
                text.append(piece);
            }

            @Override
            public void speech(float[] samples) {
                pieces.add(samples);
            }
        };

        Answer answer = conversation(ExitPlan.NONE, Limits.newTokens(180)).ask(example("q01.wav"), listener);

        assertThat(steps).isEqualTo(answer.reply().steps());
        assertThat(text).hasToString(answer.text());
        // 36 codes: a block of 25 while decoding goes on, and the rest.
        assertThat(pieces).hasSize(2);
        assertThat(pieces.stream().mapToInt(piece -> piece.length).sum())
                .isEqualTo(answer.speech().samples().length);
    }

    @Test
    void sameSeedGivesTheSameSamples() throws IOException {
        float[] once = conversation(ExitPlan.NONE, Limits.newTokens(180))
                .ask(example("q03.wav"), ReplyListener.NONE)
                .speech()
                .samples();
        float[] again = conversation(ExitPlan.NONE, Limits.newTokens(180))
                .ask(example("q03.wav"), ReplyListener.NONE)
                .speech()
                .samples();

        assertThat(again).containsExactly(once);
    }

    @Test
    void silenceAndOverlongQuestionsAreRefused() {
        Conversation conversation = conversation(ExitPlan.NONE, Limits.newTokens(10));
        float[] noise = new float[16_000 * 90];
        for (int i = 0; i < noise.length; i++) noise[i] = (float) Math.sin(i * 0.1) * 0.1f;

        assertThatThrownBy(() -> conversation.ask(
                        new Question.Spoken(new Waveform(new float[16_000], 16_000)), ReplyListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("silence");
        assertThatThrownBy(() -> conversation.ask(new Question.Spoken(new Waveform(noise, 16_000)), ReplyListener.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not fit into the context");
    }

    @Test
    void planWithoutHeadIsRefused() {
        assertThatThrownBy(() -> conversation(ExitPlan.speech(DepthPolicy.parse("even:7")), Limits.newTokens(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speech exit even:7: no exit head for layer 7; speech heads found: [6, 8, 10, 12, 14]");
    }

    /** Both turns decoded by one sequence, the first one given: what the second must be. */
    private static int[] asOneSequence(Answer first, Answer second) {
        int[] reply = first.reply().tokens();
        int[] all = IntStream.concat(
                        IntStream.concat(
                                IntStream.of(first.prompt().tokens()),
                                IntStream.of(Arrays.copyOf(reply, reply.length - 1))),
                        IntStream.of(second.prompt().tokens()))
                .toArray();
        return reply(all, model.defaultPlan().speech().toString());
    }

    private static int[] reply(int[] prompt, String speechExit) {
        return decoder(speechExit)
                .reply(Request.of(new Sequence(model.languageModel()), prompt))
                .tokens();
    }

    private static Decoder decoder(String speechExit) {
        return StrategyFactory.decoder(
                model.languageModel(),
                new GenerationConfig(
                        ExitPlan.speech(DepthPolicy.parse(speechExit)), Sampling.GREEDY, Limits.newTokens(180)));
    }

    private static Conversation conversation(ExitPlan plan, Limits limits) {
        return new Conversation(model, plan, Sampling.GREEDY, limits);
    }

    private static Question example(String file) throws IOException {
        return new Question.Spoken(WavFile.read(EXAMPLES.resolve(file)));
    }

    private static int samplesOf(Answer answer) {
        int codes = (int) answer.reply().steps().stream()
                .filter(step -> model.languageModel().tokens().isSpeech(step.token()))
                .count();
        return 256 * (codes * 441 / 64);
    }

    private static void assertClose(Safetensors golden, String name, float[] actual) {
        float[] expected = golden.tensor(name).toFloats();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .as("%s[%d]", name, i)
                    .isCloseTo(expected[i], within(5e-4f * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).intValue();
        return values;
    }
}
