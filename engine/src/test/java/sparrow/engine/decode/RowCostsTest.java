package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.Machine;
import sparrow.engine.transformer.DeferringStack;

class RowCostsTest {
    @RegisterExtension
    private final Machine machine = new Machine(1);

    private static RowCosts costs(SortedMap<Integer, Double> ratios) {
        return new RowCosts(ratios, 2, 0.5, Collections.emptySortedMap(), 0);
    }

    private static SortedMap<Integer, Double> ratios(Object... rowsAndRatios) {
        SortedMap<Integer, Double> ratios = new TreeMap<>();
        for (int i = 0; i < rowsAndRatios.length; i += 2) {
            ratios.put((Integer) rowsAndRatios[i], ((Number) rowsAndRatios[i + 1]).doubleValue());
        }
        return ratios;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1.2", "3, 1.5", "4, 1.8", "5, 2.4", "6, 3.0", "8, 4.2"})
    void betweenAndBehindWhatWasMeasuredRowsCostWhatTheNextOnesSay(int rows, double ratio) {
        assertThat(costs(ratios(1, 1, 2, 1.2, 4, 1.8, 6, 3.0)).ratio(rows)).isCloseTo(ratio, within(1e-12));
    }

    @Test
    void whereOneRowAloneWasMeasuredEachCostsTheSame() {
        assertThat(costs(ratios(1, 1)).ratio(5)).isEqualTo(5);
    }

    @Test
    void rhoIsThatOfTheNearestLine() {
        assertThat(costs(ratios(1, 1, 2, 1.25, 5, 2.0)).rho()).isCloseTo(0.25, within(1e-12));
        // (1 x 0.2 + 2 x 0.6) / (1 + 4)
        assertThat(costs(ratios(1, 1, 2, 1.2, 3, 1.6)).rho()).isCloseTo(0.28, within(1e-12));
    }

    @Test
    void ratiosThatCannotBeAreRefused() {
        assertThatThrownBy(() -> costs(ratios(2, 1.5)))
                .hasMessage("row costs: expected ratio 1 for 1 row and no fewer rows, got {2=1.5}");
        assertThatThrownBy(() -> costs(ratios(1, 1, 2, 1.5, 3, 1.4)))
                .hasMessage("row costs: expected ratios that never fall, got {1=1.0, 2=1.5, 3=1.4}");
        assertThatThrownBy(() -> costs(ratios(1, 1, 2, Double.NaN)))
                .hasMessage("row costs: ratios: expected 0 or more, got NaN");
        assertThatThrownBy(() -> new RowCosts(ratios(1, 1), -1, 0, Collections.emptySortedMap(), 0))
                .hasMessage("row costs: full head: expected 0 or more, got -1.0");
        assertThatThrownBy(() -> costs(ratios(1, 1)).exitHead(4))
                .hasMessage("row costs: no exit head for layer 4, only for []");
    }

    @Test
    void throwawayRowsLeaveAsManyTimesAsRoundsAndHeadsOfEveryLayer() {
        LanguageModel model = RandomModel.of(new SplittableRandom(7), machine);
        RowMeter meter = new RowMeter(model, new TreeSet<>(List.of(2, 4)), 9);
        assertThatThrownBy(meter::costs).isInstanceOf(IllegalStateException.class);

        for (int round = 0; round < 3; round++) meter.round();

        assertThat(meter.passNanos()).containsOnlyKeys(1, 2, 4);
        assertThat(meter.passNanos().get(2)).hasSize(3);
        assertThat(meter.passNanos().get(4)).hasSize(3);
        // One row before each other thing of a round: itself, two and four rows, the heads.
        int heads = 2 + model.heads().layers().size() + 1;
        assertThat(meter.passNanos().get(1)).hasSize(3 * (3 + heads));
        RowCosts costs = meter.costs();
        assertThat(costs.ratios()).containsOnlyKeys(1, 2, 4);
        assertThat(costs.exitHeads().keySet()).isEqualTo(model.heads().layers().headSet(model.layers()));
        assertThat(costs.fullHead()).isPositive();
    }

    @Test
    void aPassAndAHeadAreTimedToTheirEndWhereADeviceComputes() {
        LanguageModel model = RandomModel.of(new SplittableRandom(7), machine);
        DeferringStack stack = DeferringStack.of(model.transformer());
        LanguageModel deferring =
                new LanguageModel(model.transformer().on(stack), model.heads(), model.tokens(), model.interleave());
        RowMeter meter = new RowMeter(deferring, new TreeSet<>(List.of(2, 4)), 9);
        assertThat(stack.waits()).as("the prompt").isEqualTo(1);

        meter.round();

        int passes = meter.passNanos().values().stream().mapToInt(List::size).sum();
        long exits = model.heads().layers().stream()
                .filter(layer -> layer < model.layers())
                .count();
        assertThat(stack.waits()).isEqualTo(1 + passes + 2 + (int) exits);
    }

    @Test
    void rowsThatDoNotFitTheContextAreRefused() {
        LanguageModel model = RandomModel.of(new SplittableRandom(7), machine);

        assertThatThrownBy(() -> new RowMeter(model, new TreeSet<>(List.of(8)), 505))
                .hasMessage("prompt of 505 tokens and 8 rows: expected to fit the context of 512 positions");
        assertThatThrownBy(() -> new RowMeter(model, new TreeSet<>(List.of(0)), 5))
                .hasMessage("rows: expected 1 or more, got 0");
    }
}
