package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DraftForecastTest {
    /** r(n) = 1 + rho (n - 1), and heads that cost nothing. */
    static RowCosts costs(double rho, int... heads) {
        Map<Integer, Double> exits = new TreeMap<>();
        for (int layer : heads) exits.put(layer, 0.0);
        return new RowCosts(new TreeMap<>(Map.of(1, 1.0, 2, 1 + rho)), 0, 0, new TreeMap<>(exits), 0.25);
    }

    @Test
    void cycleOfDraftsCostsItsLowerLayersOneByOneAndTheUpperOnesTogether() {
        RowCosts costs =
                new RowCosts(new TreeMap<>(Map.of(1, 1.0, 2, 1.2, 4, 1.8)), 2, 0.5, new TreeMap<>(Map.of(14, 0.25)), 0);

        DraftForecast forecast = DraftForecast.draft(costs, 28, 0.5, 14, 0.9, 0.8, 0.5);

        assertThat(forecast.tokens()).isCloseTo(1 + 0.9 + 0.72 + 0.36, within(1e-12));
        assertThat(forecast.layers()).isCloseTo(4 * 14 + 14 * 1.8 + 3 * 0.25 + 0.5 * 1.8, within(1e-12));
        assertThat(forecast.speedUp(DraftForecast.fullDepth(28, 0.5))).isCloseTo(2.98 * 28.5 / 82.85, within(1e-12));
    }

    @Test
    void cycleOfAStepHeadCostsAllLayersForAllRowsAtOnce() {
        DraftForecast forecast = DraftForecast.ahead(costs(0.1), 40, 1, 0.25, 0.65, 0.6, 0.55);

        assertThat(forecast.tokens()).isCloseTo(1 + 0.65 + 0.39 + 0.2145, within(1e-12));
        assertThat(forecast.layers()).isCloseTo(41 * 1.3 + 1.5, within(1e-12));
    }

    /** The forecasts of published sizes: three rounded figures each, without heads, at the best number of drafts. */
    @ParameterizedTest
    @CsvSource({
        "28, 14, 0.8, 0, 1.22",
        "28, 14, 0.9, 0, 1.37",
        "28, 14, 0.95, 0, 1.51",
        "28, 22, 0.95, 0, 1.11",
        "40, 26, 0.9, 0, 1.18"
    })
    void publishedSizesGainWhatTheArithmeticSays(int layers, int exit, double accepted, double rho, double gain) {
        double best = 0;
        for (int drafts = 1; drafts <= 16; drafts++) {
            double[] shares = new double[drafts];
            java.util.Arrays.fill(shares, accepted);
            best = Math.max(
                    best,
                    DraftForecast.draft(costs(rho, exit), layers, 0, exit, shares)
                            .speedUp(layers));
        }

        // The published table counts heads as well.
        assertThat(best).isCloseTo(gain, within(0.04));
    }

    /** Three drafts of a step head at a size of 40 layers, with a quarter of a layer for the cell and little for its rows. */
    @ParameterizedTest
    @CsvSource({"0, 2.17", "0.1, 1.69"})
    void lookingAheadGainsWhatTheArithmeticSays(double rho, double gain) {
        double speedUp =
                DraftForecast.ahead(costs(rho), 40, 0.5, 0.1, 0.65, 0.6, 0.55).speedUp(40.5);

        assertThat(speedUp).isCloseTo(gain, within(0.05));
    }

    @Test
    void sharesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> DraftForecast.draft(costs(0, 4), 8, 0, 4, 0.5, 1.5))
                .hasMessage("acceptance: expected shares from 0 to 1, got [0.5, 1.5]");
        assertThatThrownBy(() -> DraftForecast.draft(costs(0, 4), 8, 0, 5, 0.5))
                .hasMessage("row costs: no exit head for layer 5, only for [4]");
    }
}
