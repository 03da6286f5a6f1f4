package sparrow.study.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.study.Bundled;
import sparrow.study.compare.PairedDifference;
import sparrow.study.compare.PolicyResult;
import sparrow.study.compare.SetResult;
import sparrow.study.data.Item;
import sparrow.study.data.Task;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;
import sparrow.study.run.StudyQuestion;

/** Schedules that exit at the first positions of a chunk. The bundled model's chunks have 26 positions. */
class FrontLoadedTest {
    private static final List<StudyQuestion> QUESTIONS = StudyQuestion.of(List.of(new QuestionSet(
            "demo",
            Task.REFERENCE_ANSWERS,
            IntStream.range(0, 20)
                    .mapToObj(at -> new Item("q" + at, "question " + at, Optional.empty(), List.of("answer " + at / 2)))
                    .toList())));

    private static final PolicyResult NONE = row("none", "", 0);

    /**
     * Returns the result of a policy.
     *
     * @param identical for each question, + if the reply is the one of full depth
     * @param early number of early positions of 100, which exit after layer 8 of 16
     */
    private static PolicyResult row(String policies, String identical, int early) {
        List<PairedDifference.Reply> replies = new ArrayList<>();
        for (int i = 0; i < QUESTIONS.size(); i++) {
            boolean same = i >= identical.length() || identical.charAt(i) == '+';
            String digest = same ? "full " + i : policies + i;
            replies.add(new PairedDifference.Reply(QUESTIONS.get(i), null, null, null, null, digest));
        }
        PairedDifference difference = PairedDifference.between(replies, NONE == null ? replies : NONE.replies());
        DepthSummary depth = new DepthSummary(
                16,
                new TreeMap<>(),
                early == 0 ? new TreeMap<>() : new TreeMap<>(Map.of(8, early, 16, 100 - early)),
                ComputeStats.NONE);
        SetResult all = new SetResult(
                "all", 20, null, null, null, null, null, difference, depth, null, null, null, null, 1, 0, 0, 0, null);
        return new PolicyResult(PolicyCase.parse(policies), List.of(), null, null, all, replies);
    }

    private static String pattern(int early) {
        return "E".repeat(early) + "F".repeat(26 - early) + ":8";
    }

    private static String chosen(int of7, int of11, int of15) {
        return FrontLoaded.choose(
                        Bundled.MODEL,
                        List.of(
                                NONE,
                                row("even:8", "-----", 50),
                                row(pattern(15), "----", of15),
                                row(pattern(11), "---", of11),
                                row(pattern(7), "--", of7)))
                .orElseThrow()
                .toString();
    }

    @Test
    void mostIdenticalRepliesDecideAmongThoseThatDoNotReadMoreThanEven() {
        assertThat(chosen(30, 52, 65)).isEqualTo("E×11 F×15");
        assertThat(chosen(50, 52, 65)).isEqualTo("E×7 F×19");
        assertThat(chosen(30, 49, 65)).isEqualTo("E×15 F×11");
        assertThat(chosen(30, 40, 45)).isEqualTo("E×15 F×11");
    }

    @Test
    void isComparedAtOneLayerAndUsedAtThree() {
        assertThat(FrontLoaded.cases(Bundled.MODEL))
                .extracting(PolicyCase::policies)
                .containsExactly(pattern(15), pattern(11), pattern(7));
        assertThat(FrontLoaded.unchosen(Bundled.MODEL).orElseThrow().plans(Bundled.MODEL))
                .containsExactly(
                        pattern(11).replace(":8", ":6"),
                        pattern(11),
                        pattern(11).replace(":8", ":10"));
    }

    /** Two questions ask for one fact, which counts once, and only if both replies are those of full depth. */
    @Test
    void thePairedShareCountsFactsWhoseRepliesOnlyOneScheduleKeeps() {
        PolicyResult front = row(pattern(11), "+-++++++++++++++++-+", 52);
        PolicyResult even = row("even:8", "--+--+--------++++--", 50);

        Frontier.Pair pair = Frontier.Pair.of(front, even, NONE);

        // Facts 0 and 9 are kept by neither, 7 and 8 by both, and 1 to 6 by the front-loaded schedule.
        assertThat(pair.onlyFront()).isEqualTo(6);
        assertThat(pair.onlyEven()).isZero();
        // 0.5^6 = 0.0156 is less than 0.025, so that the interval excludes 50 %.
        assertThat(pair.share().interval().low()).isCloseTo(100 * Math.pow(0.025, 1 / 6.0), within(1e-6));
        assertThat(pair.share().interval().low()).isGreaterThan(50);
        assertThat(Frontier.Pair.of(even, even, NONE).share()).isNull();
        assertThat(Frontier.shortened(front)).isEqualTo("E×11 F×15:8");
    }
}
