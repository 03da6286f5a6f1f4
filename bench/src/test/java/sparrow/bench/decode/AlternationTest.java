package sparrow.bench.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.app.report.Quartiles;

/** Ratios of things that ran in turn, against values worked out by hand. */
class AlternationTest {
    @Test
    void aRunIsHeldAgainstItsNeighbours() {
        assertThat(Alternation.ratios(List.of(1.0, 2.0, 4.0), List.of(2.0, 2.0, 2.0)))
                .containsExactly(2.0, 1.0, 1.0, 0.5, 0.5);
        assertThat(Alternation.ratios(List.of(1.0, 2.0), List.of(3.0))).containsExactly(3.0, 1.5);
    }

    @Test
    void steadyDriftOfTheMachineDoesNotMoveTheRatio() {
        // B is 1.2 times as fast as A on a machine that loses 1 % from run to run.
        List<Double> a = List.of(1.0, 0.9801, 0.9606, 0.9415, 0.9227);
        List<Double> b = List.of(1.2 * 0.99, 1.2 * 0.9703, 1.2 * 0.951, 1.2 * 0.9321, 1.2 * 0.9135);

        assertThat(Quartiles.of(Alternation.ratios(a, b)).median()).isBetween(1.187, 1.213);
    }
}
