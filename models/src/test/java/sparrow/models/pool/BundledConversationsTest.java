package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.TestedDevice;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.TruncationStrategy;
import sparrow.models.chat.Window;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The bundled model under system texts that its training did not have, asked in writing, and in later turns.
 * {@code -Dsparrow.questions=120} asks all in each way and prints the accuracies.
 */
@Tag("stack")
@Tag("long")
class BundledConversationsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEMO = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");

    /** Of each kind. The reference recorded as many. */
    private static final int CASES = Integer.getInteger("sparrow.questions", 8);

    private static ComputePool threads;
    private static SpokenModel model;
    private static final Map<String, JsonNode> QUESTIONS = new LinkedHashMap<>();

    @BeforeAll
    static void open() throws IOException {
        threads = ComputePool.ofMachine();
        model = SpokenModels.bundled(TestedDevice.OPTIONS, Kernels.create(threads));
        for (JsonNode line : lines("questions.jsonl")) {
            QUESTIONS.put(line.path("file").textValue().replaceAll(".*/|\\.wav", ""), line);
        }
    }

    @AfterAll
    static void close() {
        model.close();
        threads.close();
    }

    /**
     * A conversation, whose last question counts.
     *
     * @param answers to all of its questions
     */
    private record Case(String id, Optional<String> instructions, List<Question> turns, List<String> answers) {
        static Case of(JsonNode line) {
            List<Question> turns = new ArrayList<>();
            List<String> answers = new ArrayList<>();
            for (JsonNode turn : line.path("turns")) {
                String typed = turn.path("typed").textValue();
                JsonNode asked = QUESTIONS.get(
                        turn.path(typed == null ? "spoken" : "answers").textValue());
                turns.add(typed == null ? spoken(asked) : new Question.Typed(typed));
                answers.add(asked.path("answer").textValue());
            }
            String instructions = line.path("instructions").textValue();
            return new Case(line.path("id").textValue(), Optional.ofNullable(instructions), turns, answers);
        }

        int[] prompt(List<int[]> replies) {
            List<ChatTurn> earlier = IntStream.range(0, replies.size())
                    .mapToObj(i -> new ChatTurn(turns.get(i), Unit.tokens(replies.get(i))))
                    .toList();
            return ChatPrompt.of(model, new ChatHistory(instructions, earlier, turns.get(replies.size())))
                    .ids();
        }
    }

    private static Question spoken(JsonNode question) {
        return new Question.Codes(ints(question.path("codes")));
    }

    private static List<Case> cases(String kind) throws IOException {
        return lines(kind + ".jsonl").stream().limit(CASES).map(Case::of).toList();
    }

    /** The replies to the turns of each case without their ends, all cases in one batch. */
    private static List<List<int[]>> replies(List<Case> cases, ExitPlan plan) {
        GenerationConfig config = new GenerationConfig(plan, Sampling.GREEDY, Limits.newTokens(180));
        Decoder decoder = StrategyFactory.decoder(model.languageModel(), config);
        List<List<int[]>> replies =
                cases.stream().map(_ -> (List<int[]>) new ArrayList<int[]>()).toList();
        for (int turn = 0; turn < cases.getFirst().turns().size(); turn++) {
            List<Reply> made = decoder.replies(IntStream.range(0, cases.size())
                    .mapToObj(i -> Request.of(
                            new Sequence(model.languageModel()), cases.get(i).prompt(replies.get(i))))
                    .toList());
            for (int i = 0; i < made.size(); i++)
                replies.get(i).add(withoutEnd(made.get(i).tokens()));
        }
        return replies;
    }

    private static int[] withoutEnd(int[] tokens) {
        boolean ended = model.languageModel().tokens().isEnd(tokens[tokens.length - 1]);
        return ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
    }

    // A float tie can flip a token, and then everything after it.
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "system, none",
        "typed, none",
        "second, none",
        "system, speculate:3",
        "typed, draft:10:3",
        "second, speculate:3"
    })
    void repliesAreThoseOfTheIndependentReference(String kind, String exit) throws IOException {
        Map<String, JsonNode> recorded = new LinkedHashMap<>();
        for (JsonNode line : lines("replies/conversations.jsonl")) {
            recorded.put(line.path("id").textValue(), line.path("replies"));
        }
        List<Case> cases = cases(kind);
        DepthPolicy policy = DepthPolicy.parse(exit);
        List<List<int[]>> replies = replies(cases, new ExitPlan(policy, policy));

        List<String> different = new ArrayList<>();
        for (int i = 0; i < cases.size() && recorded.containsKey(cases.get(i).id()); i++) {
            List<int[]> expected = StreamSupport.stream(
                            recorded.get(cases.get(i).id()).spliterator(), false)
                    .map(BundledConversationsTest::ints)
                    .map(BundledConversationsTest::withoutEnd)
                    .toList();
            if (!Arrays.deepEquals(expected.toArray(), replies.get(i).toArray()))
                different.add(cases.get(i).id());
        }
        assertThat(different).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"system, none", "typed, even:12", "second, none"})
    void mostQuestionsAreAnsweredRightInEachWay(String kind, String speechExit) throws IOException {
        List<Case> cases = cases(kind);
        List<List<int[]>> replies = replies(cases, ExitPlan.speech(DepthPolicy.parse(speechExit)));

        int right = 0;
        for (int i = 0; i < cases.size(); i++) {
            if (text(replies.get(i).getLast()).equals(cases.get(i).answers().getLast())) right++;
        }
        report(kind + ", " + speechExit, right, cases.size());
        assertThat(right).isGreaterThanOrEqualTo((int) (0.85 * cases.size()));
    }

    /** The last turn that the model was trained for, and one before which the oldest turns are forgotten. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    @Tag("full")
    void lateTurnsAreRight(int forgotten) {
        int turns = Window.of(model).turns();
        int turn = turns + forgotten;
        int kept = rightInTurn(turn, Window.of(model));
        int replayed = rightInTurn(turn, new Window(TruncationStrategy.REPLAY, Window.UNBOUNDED).ofTurns(turns));

        report("turn %d, %d turns kept".formatted(turn, turns), kept, CASES);
        report("turn %d, %d turns prefilled anew".formatted(turn, turns), replayed, CASES);
        report("turn %d, all kept".formatted(turn), rightInTurn(turn, Window.DEFAULT), CASES);
        assertThat(List.of(kept, replayed))
                .allSatisfy(right -> assertThat(right).isGreaterThanOrEqualTo((int) (0.85 * CASES)));
    }

    private static int rightInTurn(int last, Window window) {
        List<JsonNode> all = List.copyOf(QUESTIONS.values());
        GenerationConfig config = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(180));
        ReplyOptions options = new ReplyOptions(config, SpeechMode.SILENT);
        int right = 0;
        PoolOptions roomy = new PoolOptions(16, CASES, Long.MAX_VALUE, PoolOptions.DEFAULT.passTarget(), 1);
        try (ConversationPool pool = new ConversationPool(model, roomy)) {
            List<Conversation> talks = IntStream.range(0, CASES)
                    .mapToObj(_ -> pool.open(options, window))
                    .toList();
            for (int turn = 1; turn <= last; turn++) {
                List<Heard> heard = new ArrayList<>();
                for (int i = 0; i < CASES; i++) {
                    Heard one = new Heard();
                    talks.get(i).start(spoken(question(all, i, last - turn)), one);
                    heard.add(one);
                }
                heard.forEach(Heard::await);
                for (int i = 0; i < CASES && turn == last; i++) {
                    String answer = question(all, i, last - turn).path("answer").textValue();
                    if (heard.get(i).text.toString().equals(answer)) right++;
                }
            }
            talks.forEach(Conversation::close);
        }
        return right;
    }

    /** Other questions of the set come before the one of the case. */
    private static JsonNode question(List<JsonNode> all, int place, int turnsLeft) {
        return all.get((place + 13 * turnsLeft) % all.size());
    }

    private static void report(String what, int right, int asked) {
        double share = (double) right / asked;
        double error = Math.sqrt(share * (1 - share) / asked);
        System.getLogger("conversations")
                .log(
                        System.Logger.Level.INFO,
                        "%s: %d of %d right, %.1f ± %.1f %%".formatted(what, right, asked, 100 * share, 100 * error));
    }

    private static String text(int[] tokens) {
        var stream = model.textStream();
        StringBuilder text = new StringBuilder();
        for (int token : model.languageModel().tokens().text(tokens)) text.append(stream.accept(token));
        return text.append(stream.finish()).toString();
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        for (String line : Files.readAllLines(DEMO.resolve(file))) nodes.add(JSON.readTree(line));
        return nodes;
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
