package sparrow.app.report;

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
}
