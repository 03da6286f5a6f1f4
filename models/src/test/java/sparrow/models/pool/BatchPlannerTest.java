package sparrow.models.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.models.pool.BatchPlanner.Candidate;
import sparrow.models.pool.BatchPlanner.Piece;
import sparrow.models.pool.BatchPlanner.Plan;

/** Passes are planned on a clock that the test turns, with a machine whose costs are known. */
class BatchPlannerTest {
    private static final long MILLI = 1_000_000;

    static LongStream seeds() {
        return new SplittableRandom(20265).longs(40);
    }

    /** A machine whose pass takes {@code fixed + perRow * rows}. */
    private static CostModel cost(double fixed, double perRow) {
        CostModel cost = new CostModel();
        for (int i = 0; i < 50; i++) {
            for (int rows : new int[] {1, 4, 32}) cost.observe(rows, (long) (fixed + perRow * rows));
        }
        return cost;
    }

    private static BatchPlanner planner(CostModel cost) {
        return new BatchPlanner(cost, 250 * MILLI, 256);
    }

    @Test
    void theCostOfAPassIsThatOfTheMachine() {
        CostModel cost = cost(40 * MILLI, 2 * MILLI);

        assertThat(cost.nanos(1)).isBetween(41.5 * MILLI, 42.5 * MILLI);
        assertThat(cost.nanos(100)).isBetween(239.0 * MILLI, 241.0 * MILLI);
        assertThat(cost.rowsWithin(250 * MILLI, 256)).isEqualTo(105);
        assertThat(cost.rowsWithin(MILLI, 256)).isEqualTo(1);
        assertThat(new CostModel().rowsWithin(MILLI, 256)).isEqualTo(256);
    }

    @Test
    void passesOfOneSizeDoNotSayThatRowsAreFree() {
        CostModel cost = new CostModel();
        for (int i = 0; i < 100; i++) cost.observe(1, 50 * MILLI);

        assertThat(cost.nanos(1)).isBetween(49.9 * MILLI, 50.1 * MILLI);
        assertThat(cost.nanos(21)).isGreaterThan(200 * MILLI);
    }

    @Test
    void thoseWhoseSoundIsNeededFirstDecideFirst() {
        List<Candidate<String>> candidates = List.of(
                new Candidate<>("late", 0, 900, true, true),
                new Candidate<>("soon", 0, 100, true, true),
                new Candidate<>("unwanted", 0, 50, false, true),
                new Candidate<>("next", 0, 400, true, true));

        Plan<String> plan = planner(cost(MILLI, MILLI)).plan(candidates, 2, 0);

        assertThat(plan.deciding()).containsExactly("soon", "next");
        assertThat(plan.prompts()).isEmpty();
    }

    @Test
    void promptsAreReadInTheOrderOfTheirArrivalInPiecesThatKeepThePassShort() {
        BatchPlanner planner = planner(cost(40 * MILLI, 2 * MILLI));
        Candidate<String> speaker = new Candidate<>("speaker", 0, 500 * MILLI, true, true);
        Candidate<String> urgent = new Candidate<>("urgent", 0, 100 * MILLI, true, true);
        Candidate<String> behind = new Candidate<>("behind", 0, -100 * MILLI, true, true);

        Plan<String> beside = planner.plan(
                List.of(
                        speaker,
                        new Candidate<>("long", 1000, 0, true, false),
                        new Candidate<>("other", 10, 0, true, false)),
                4,
                0);
        Plan<String> alone = planner.plan(
                List.of(new Candidate<>("short", 30, 0, true, false), new Candidate<>("long", 1000, 0, true, false)),
                4,
                0);

        assertThat(beside.deciding()).containsExactly("speaker");
        assertThat(beside.prompts()).containsExactly(new Piece<>("long", 104));
        assertThat(planner.plan(List.of(urgent, new Candidate<>("long", 1000, 0, true, false)), 4, 0)
                        .prompts())
                .containsExactly(new Piece<>("long", 29));
        assertThat(planner.plan(List.of(behind, new Candidate<>("long", 1000, 0, true, false)), 4, 0)
                        .prompts())
                .containsExactly(new Piece<>("long", 8));
        assertThat(alone.prompts()).containsExactly(new Piece<>("short", 30), new Piece<>("long", 226));
    }

    /** A reply on the virtual clock. */
    private static final class Talker {
        int prompt;
        int place;
        int codes;
        int left;
        long arrival;
        long firstAudio;
        long latest;

        long deadline() {
            return firstAudio == 0 ? arrival + 300 * MILLI : firstAudio + codes * 80 * MILLI - 300 * MILLI;
        }
    }

    /**
     * Talkers arrive at random at a machine whose load is below one. Everybody is answered, and nobody who
     * speaks falls silent.
     */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobodyStarvesAndNobodyFallsSilentWhileTheLoadIsBelowOne(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // 12.5 codes a second and half a text token for each: 53 ms a token. A pass of 6 takes 26 ms.
        CostModel cost = cost(14 * MILLI, 2 * MILLI);
        BatchPlanner planner = new BatchPlanner(cost, 100 * MILLI, 256);
        List<Talker> all = new ArrayList<>();
        long now = 0;
        int coming = 6;

        while (coming > 0 || all.stream().anyMatch(talker -> talker.left > 0)) {
            if (coming > 0 && random.nextInt(40) == 0) {
                Talker talker = new Talker();
                talker.prompt = random.nextInt(10, 300);
                talker.left = random.nextInt(60, 400);
                talker.arrival = now;
                all.add(talker);
                coming--;
            }
            List<Candidate<Talker>> candidates = all.stream()
                    .filter(talker -> talker.left > 0)
                    .map(talker ->
                            new Candidate<>(talker, talker.prompt, talker.deadline(), true, talker.firstAudio != 0))
                    .toList();
            Plan<Talker> plan = planner.plan(candidates, 64, now);
            int rows = plan.deciding().size()
                    + plan.prompts().stream().mapToInt(Piece::positions).sum();
            assertThat(candidates.isEmpty()).isEqualTo(plan.isEmpty());
            now += (long) (14 * MILLI + 2.0 * MILLI * rows);
            for (Piece<Talker> piece : plan.prompts()) piece.reply().prompt -= piece.positions();
            for (Talker talker : plan.deciding()) step(talker, now);
        }

        assertThat(all).hasSize(6).allSatisfy(talker -> {
            assertThat(talker.left).isZero();
            // The deadline is 300 ms before playback runs dry.
            assertThat(talker.latest).as("latest token behind its deadline").isLessThan(300 * MILLI);
        });
    }

    private static void step(Talker talker, long now) {
        if (talker.firstAudio != 0) talker.latest = Math.max(talker.latest, now - talker.deadline());
        boolean speech = talker.place >= 13;
        talker.place = (talker.place + 1) % 39;
        talker.left--;
        if (!speech) return;
        talker.codes++;
        // The first sound is there with the 25th code.
        if (talker.codes == 25) talker.firstAudio = now;
    }
}
