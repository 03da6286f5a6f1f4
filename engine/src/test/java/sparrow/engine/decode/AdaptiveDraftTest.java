package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.ExitPolicy;

/** Drafts that succeed as often as a script says, layer by layer. */
class AdaptiveDraftTest {
    private static final int LAYERS = 28;
    private static final RowCosts COSTS = DraftForecastTest.costs(0.1, 8, 14, 18, 22);

    /** Layers where drafts left, cycle by cycle, and how many there were; a token of full depth is a cycle of layer 0. */
    private record Cycle(int layer, int drafts) {}

    private static List<Cycle> run(AdaptiveDraft draft, Map<Integer, Double> accepted, int cycles, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Cycle> all = new ArrayList<>();
        for (int i = 0; i < cycles; i++) {
            Cycle cycle = switch (draft.choice()) {
                case ExitPolicy.Draft choice -> new Cycle(choice.layer(), choice.most());
                case ExitPolicy.Ahead choice -> new Cycle(LAYERS, choice.most());
                default -> new Cycle(0, 0);
            };
            all.add(cycle);
            boolean right = true;
            for (int d = 0; d < cycle.drafts() && right; d++) {
                right = random.nextDouble() < accepted.get(cycle.layer());
                draft.decided(cycle.layer(), right);
            }
            if (cycle.drafts() > 0) draft.cycleEnded();
            else draft.ranFull();
        }
        return all;
    }

    private static double share(List<Cycle> cycles, int layer) {
        return cycles.stream().filter(cycle -> cycle.layer() == layer).count() / (double) cycles.size();
    }

    private static AdaptiveDraft fresh(RowCosts costs) {
        return new AdaptiveDraft(costs, LAYERS, 0.1, 0.1, costs.exitHeads().keySet(), new RunningAcceptance());
    }

    private static AdaptiveDraft fresh() {
        return fresh(COSTS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheLayerThatGainsMost(long seed) {
        // By the formula layer 14 gains most, with 3 drafts or so.
        Map<Integer, Double> accepted = Map.of(8, 0.4, 14, 0.9, 18, 0.92, 22, 0.95);
        AdaptiveDraft draft = fresh();
        run(draft, accepted, 1500, seed);

        List<Cycle> cycles = run(draft, accepted, 1000, seed + 100);

        assertThat(share(cycles, 14)).isGreaterThan(0.9);
        assertThat(cycles.stream().filter(cycle -> cycle.layer() == 14).mapToInt(Cycle::drafts))
                .allMatch(drafts -> drafts >= 2 && drafts <= 7);
    }

    @Test
    void aLayerThatTurnsOutBetterIsFoundByItsNeighboursProbes() {
        AdaptiveDraft draft = fresh();
        run(draft, Map.of(8, 0.3, 14, 0.3, 18, 0.3, 22, 0.97), 12_000, 7);
        assertThat(share(run(draft, Map.of(8, 0.3, 14, 0.3, 18, 0.3, 22, 0.97), 400, 8), 22))
                .isGreaterThan(0.9);

        Map<Integer, Double> better = Map.of(8, 0.3, 14, 0.3, 18, 0.98, 22, 0.97);
        run(draft, better, 12_000, 9);

        assertThat(share(run(draft, better, 400, 10), 18)).isGreaterThan(0.9);
    }

    @Test
    void everyThirtySecondCycleProbesTheNeighboursInTurn() {
        AdaptiveDraft draft = fresh();
        Map<Integer, Double> accepted = Map.of(8, 0.0, 14, 1.0, 18, 0.0, 22, 0.0);
        run(draft, accepted, 640, 1);

        List<Cycle> cycles = run(draft, accepted, 640, 2);

        assertThat(share(cycles, 14)).isEqualTo(31 / 32.0);
        assertThat(share(cycles, 8)).isEqualTo(1 / 64.0);
        assertThat(share(cycles, 18)).isEqualTo(1 / 64.0);
    }

    @Test
    void whereNothingIsWorthDraftingFullDepthRunsAndIsProbedNowAndThen() {
        Map<Integer, Double> accepted = Map.of(8, 0.05, 14, 0.1, 18, 0.1, 22, 0.1);
        AdaptiveDraft draft = fresh();
        run(draft, accepted, 2000, 3);

        List<Cycle> cycles = run(draft, accepted, 6500, 4);

        // 64 tokens of full depth, then one cycle of drafts.
        assertThat(share(cycles, 0)).isBetween(64 / 65.0 - 0.001, 64 / 65.0 + 0.001);
    }

    @Test
    void draftingComesBackWhenProbesSucceed() {
        AdaptiveDraft draft = fresh();
        run(draft, Map.of(8, 0.1, 14, 0.1, 18, 0.1, 22, 0.1), 2000, 5);
        Map<Integer, Double> better = Map.of(8, 0.1, 14, 0.95, 18, 0.95, 22, 0.95);
        run(draft, better, 40_000, 6);

        assertThat(share(run(draft, better, 500, 7), 0)).isLessThan(0.05);
    }

    @Test
    void rowsThatCostAsMuchAsPassesAreNeverDrafted() {
        AdaptiveDraft draft = fresh(DraftForecastTest.costs(1, 8, 14, 18, 22));

        assertThat(draft.choice()).isEqualTo(new ExitPolicy.None());
    }

    @Test
    void withoutHeadsThereIsFullDepthAlone() {
        AdaptiveDraft draft = fresh(DraftForecastTest.costs(0.1));

        assertThat(run(draft, Map.of(), 200, 1)).containsOnly(new Cycle(0, 0));
    }

    @Test
    void theSameVerdictsLeadToTheSameChoices() {
        Map<Integer, Double> accepted = Map.of(8, 0.6, 14, 0.8, 18, 0.85, 22, 0.9);

        assertThat(run(fresh(), accepted, 3000, 11)).isEqualTo(run(fresh(), accepted, 3000, 11));
    }

    @Test
    void stepHeadDraftsAsFarAsItsAcceptancePays() {
        AdaptiveDraft draft = new AdaptiveDraft(COSTS, LAYERS, 0.1, 0.1, List.of(LAYERS), new RunningAcceptance());
        run(draft, Map.of(LAYERS, 0.5), 600, 1);
        List<Cycle> half = run(draft, Map.of(LAYERS, 0.5), 300, 2);
        run(draft, Map.of(LAYERS, 0.95), 600, 3);
        List<Cycle> nearlyAll = run(draft, Map.of(LAYERS, 0.95), 300, 4);
        run(draft, Map.of(LAYERS, 0.0), 600, 5);
        List<Cycle> none = run(draft, Map.of(LAYERS, 0.0), 650, 6);

        assertThat(half).allMatch(cycle -> cycle.drafts() >= 1 && cycle.drafts() <= 4);
        assertThat(nearlyAll).allMatch(cycle -> cycle.drafts() >= 6);
        assertThat(share(none, 0)).isGreaterThan(0.98);
    }
}
