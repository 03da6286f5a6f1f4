package sparrow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Statistics of repeated measurements, against values worked out by hand. */
class QuartilesTest {
    @Test
    void oddNumbersOfValuesHaveTheirMiddle() {
        assertThat(Quartiles.of(List.of(5, 1, 4, 2, 3))).isEqualTo(new Quartiles(2, 3, 4, 5));
    }

    @Test
    void quantilesBetweenTwoValuesAreInterpolated() {
        assertThat(Quartiles.of(List.of(10.0, 0.0))).isEqualTo(new Quartiles(2.5, 5, 7.5, 2));
        assertThat(Quartiles.of(List.of(4L, 1L, 3L, 2L))).isEqualTo(new Quartiles(1.75, 2.5, 3.25, 4));
    }

    @Test
    void oneValueIsAllOfThem() {
        assertThat(Quartiles.of(List.of(7))).isEqualTo(new Quartiles(7, 7, 7, 1));
    }

    @Test
    void noValueIsRefused() {
        assertThatThrownBy(() -> Quartiles.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

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
