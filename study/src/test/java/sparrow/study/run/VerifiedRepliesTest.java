package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.Bundled.MODEL;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampler;
import sparrow.engine.head.Sampling;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.transformer.Logits;
import sparrow.models.TurnPosition;
import sparrow.study.data.Datasets;
import sparrow.study.data.Item;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.EncodedConversation.EncodedQuestion;
import sparrow.study.speak.TextToSpeech;

/**
 * Replies whose early tokens are verified are those of full depth, token for token, on questions that the bundled model answers:
 * greedy and drawn, in batches. With the system property {@code sparrow.questions=120} all of them are asked, with many more plans
 * and seeds; that takes minutes.
 *
 * <p>Products of several rows add up in another order than those of one. So a token may differ where its score and the next best one's
 * are as good as equal, and nowhere else.
 */
@Tag("full")
class VerifiedRepliesTest {
    private static final int QUESTIONS = Integer.getInteger("sparrow.questions", 12);
    private static final boolean ALL = QUESTIONS >= 120;
    private static final int BATCH = 16;

    /** The part of a score that may be lost in rounding. */
    private static final float ROUNDING = 1e-5f;

    /** Of so many tokens one may differ. */
    private static final long TOKENS_PER_DIFFERENCE = 20_000;

    private static final Map<Sampling, List<Reply>> FULL_DEPTH = new ConcurrentHashMap<>();

    private static List<EncodedQuestion> questions;
    private static long tokens;
    private static int differences;

    @BeforeAll
    static void open() throws IOException {
        Path data = Path.of(System.getProperty("sparrow.testdata"), "demo-eval");
        QuestionSet set = QuestionSet.read("demo", Datasets.open("folder:" + data), QUESTIONS);
        questions = new ArrayList<>();
        for (Item item : set.items())
            questions.add(EncodedQuestion.of(
                    MODEL.prompt(TextToSpeech.none().questions(item).getFirst(), TurnPosition.FIRST)));
    }

    @AfterAll
    static void close() {
        assertThat(differences * TOKENS_PER_DIFFERENCE)
                .as("differences, times %d", TOKENS_PER_DIFFERENCE)
                .isLessThanOrEqualTo(tokens);
    }

    static Stream<String> plans() {
        if (!ALL) {
            return Stream.of(
                            "draft:6:4",
                            "draft:10:2",
                            "text=draft:8:1,speech=draft:8:8",
                            "text=FEEE:6,speech=triple:10")
                    .map(plan -> plan + "+verify");
        }
        Stream<String> drafts = Stream.of(6, 8, 10, 12, 14)
                .flatMap(layer -> Stream.of(1, 2, 4, 8).map(most -> "draft:" + layer + ":" + most));
        return Stream.concat(drafts, Stream.of("even:8", "triple:10", "FEEE:6"))
                .flatMap(policy -> Stream.of(policy, "text=" + policy + ",speech=" + policy))
                .map(plan -> plan + "+verify");
    }

    private static List<Sampling> samplings() {
        Stream<Sampling> drawn =
                IntStream.rangeClosed(1, ALL ? 5 : 1).mapToObj(seed -> new Sampling(0.7, 0, 0.9, 1.05, seed));
        return Stream.concat(Stream.of(Sampling.GREEDY), drawn).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void areThoseOfFullDepth(String notation) throws IOException {
        ExitPlan plan = PolicyCase.parse(notation).plan();
        for (Sampling sampling : samplings()) {
            List<Reply> full = FULL_DEPTH.computeIfAbsent(sampling, by -> replies(ExitPlan.NONE, by));
            List<Reply> verified = replies(plan, sampling);
            for (int i = 0; i < QUESTIONS; i++) {
                tokens += full.get(i).tokens().length;
                int same = Arrays.mismatch(verified.get(i).tokens(), full.get(i).tokens());
                if (same < 0) {
                    assertThat(shape(verified.get(i))).as("question %d", i).isEqualTo(shape(full.get(i)));
                    assertThat(verified.get(i).stop()).isEqualTo(full.get(i).stop());
                } else {
                    differences++;
                    assertTie(i, same, verified.get(i).tokens(), full.get(i).tokens(), sampling);
                }
            }
        }
    }

    @AfterEach
    void tell() {
        System.getLogger("verified-replies")
                .log(System.Logger.Level.INFO, "{0} of {1} tokens differ so far", differences, tokens);
    }

    private static List<String> shape(Reply reply) {
        return reply.steps().stream()
                .map(step -> step.modality() + " " + step.chunkPosition() + " " + step.exitLayer())
                .toList();
    }

    private static List<Reply> replies(ExitPlan plan, Sampling sampling) {
        Replies replies = new Replies(MODEL, plan, new Decoding(sampling, Limits.newTokens(180)));
        List<Reply> all = new ArrayList<>();
        try {
            for (int from = 0; from < QUESTIONS; from += BATCH) {
                all.addAll(replies.to(questions.subList(from, Math.min(QUESTIONS, from + BATCH))));
            }
        } catch (RunStoppedException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /** A little more of its score, and full depth would have chosen the other token too. */
    private static void assertTie(int question, int place, int[] verified, int[] full, Sampling sampling) {
        EncodedQuestion asked = questions.get(question);
        LanguageModel lm = MODEL.languageModel();
        List<float[]> states = new ReplyReader(MODEL, new TreeSet<>())
                .read(asked.prompt(), Unit.tokens(full))
                .get(lm.layers());
        Logits logits = lm.heads()
                .full()
                .logits(lm.transformer(), List.of(states.get(place)))
                .getFirst();
        float[] scores = logits.values();
        scores[full[place]] -= ROUNDING * Math.abs(scores[full[place]]);
        scores[verified[place]] += ROUNDING * Math.abs(scores[verified[place]]);
        Sampler sampler =
                new Sampler(sampling.stream(asked.stream()), lm.tokens().usable());
        for (int token : asked.prompt().tokens()) sampler.observe(token);
        for (int token : Arrays.copyOf(full, place)) sampler.observe(token);
        int position = asked.prompt().tokens().length - 1 + place;
        assertThat(sampler.choose(logits, position))
                .as("question %d, place %d, %s: not a tie", question, place, sampling)
                .isEqualTo(verified[place]);
    }
}
