package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drafts that succeed as often as a script says, layer by layer. */
class AdaptiveDraftTest {
    private static final int LAYERS = 28;
    private static final RowCosts COSTS = DraftForecastTest.costs(0.1, 8, 14, 18, 22);

    /** What was chosen, cycle by cycle; a token of full depth is a cycle too. */
    private static List<AdaptiveDraft.Choice> run(
            AdaptiveDraft draft, Map<Integer, Double> accepted, int cycles, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<AdaptiveDraft.Choice> choices = new ArrayList<>();
        for (int cycle = 0; cycle < cycles; cycle++) {
            AdaptiveDraft.Choice choice = draft.choice();
            choices.add(choice);
            if (choice.layer() == 0) {
                draft.ranFull();
                continue;
            }
            int right = 0;
            while (right < choice.drafts() && random.nextDouble() < accepted.get(choice.layer())) right++;
            draft.verified(choice.layer(), right, right < choice.drafts());
        }
        return choices;
    }

    private static double share(List<AdaptiveDraft.Choice> choices, int layer) {
        return choices.stream().filter(choice -> choice.layer() == layer).count() / (double) choices.size();
    }

    private static AdaptiveDraft fresh() {
        return new AdaptiveDraft(COSTS, LAYERS, 0.1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheLayerThatGainsMost(long seed) {
        // By the formula layer 14 gains most, with 3 drafts or so.
        Map<Integer, Double> accepted = Map.of(8, 0.4, 14, 0.9, 18, 0.92, 22, 0.95);
        AdaptiveDraft draft = fresh();
        run(draft, accepted, 1500, seed);

        List<AdaptiveDraft.Choice> choices = run(draft, accepted, 1000, seed + 100);

        assertThat(share(choices, 14)).isGreaterThan(0.9);
        assertThat(choices.stream().filter(choice -> choice.layer() == 14).mapToInt(AdaptiveDraft.Choice::drafts))
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

        List<AdaptiveDraft.Choice> choices = run(draft, accepted, 640, 2);

        assertThat(share(choices, 14)).isEqualTo(31 / 32.0);
        assertThat(share(choices, 8)).isEqualTo(1 / 64.0);
        assertThat(share(choices, 18)).isEqualTo(1 / 64.0);
    }

    @Test
    void whereNothingIsWorthDraftingFullDepthRunsAndIsProbedNowAndThen() {
        Map<Integer, Double> accepted = Map.of(8, 0.05, 14, 0.1, 18, 0.1, 22, 0.1);
        AdaptiveDraft draft = fresh();
        run(draft, accepted, 2000, 3);

        List<AdaptiveDraft.Choice> choices = run(draft, accepted, 6500, 4);

        // 64 tokens of full depth, then one cycle of drafts.
        assertThat(share(choices, 0)).isBetween(64 / 65.0 - 0.001, 64 / 65.0 + 0.001);
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
        AdaptiveDraft draft = new AdaptiveDraft(DraftForecastTest.costs(1, 8, 14, 18, 22), LAYERS, 0.1);

        assertThat(draft.choice()).isEqualTo(AdaptiveDraft.FULL_DEPTH);
    }

    @Test
    void withoutHeadsThereIsFullDepthAlone() {
        AdaptiveDraft draft = new AdaptiveDraft(DraftForecastTest.costs(0.1), LAYERS, 0.1);

        assertThat(run(draft, Map.of(), 200, 1)).containsOnly(AdaptiveDraft.FULL_DEPTH);
        assertThat(draft.accepted()).isEqualTo(Collections.emptySortedMap());
    }

    @Test
    void theSameVerdictsLeadToTheSameChoices() {
        Map<Integer, Double> accepted = Map.of(8, 0.6, 14, 0.8, 18, 0.85, 22, 0.9);

        assertThat(run(fresh(), accepted, 3000, 11)).isEqualTo(run(fresh(), accepted, 3000, 11));
    }
}
