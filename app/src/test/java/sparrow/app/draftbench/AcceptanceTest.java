package sparrow.app.draftbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.DraftVerdicts;

class AcceptanceTest {
    @Test
    void lastShareCountsForAllDraftsThatFollow() {
        assertThat(new Acceptance(List.of(0.65, 0.6, 0.55)).first(5)).containsExactly(0.65, 0.6, 0.55, 0.55, 0.55);
        assertThat(new Acceptance(List.of(0.9)).first(2)).containsExactly(0.9, 0.9);
    }

    @Test
    void verdictsComeAsOftenAsIsSaidAndTheSameForASeed() {
        Acceptance acceptance = new Acceptance(List.of(0.9, 0.2));

        assertThat(share(acceptance.verdicts(3), 1)).isCloseTo(0.9, within(0.01));
        assertThat(share(acceptance.verdicts(3), 2)).isCloseTo(0.2, within(0.01));
        assertThat(some(acceptance.verdicts(5))).isEqualTo(some(acceptance.verdicts(5)));
        assertThat(some(acceptance.verdicts(5))).isNotEqualTo(some(acceptance.verdicts(6)));
    }

    private static double share(DraftVerdicts verdicts, int draft) {
        return IntStream.range(0, 20_000)
                        .filter(place -> verdicts.isRight(place, draft))
                        .count()
                / 20_000.0;
    }

    private static List<Boolean> some(DraftVerdicts verdicts) {
        return IntStream.range(0, 200)
                .mapToObj(place -> verdicts.isRight(place, 1))
                .toList();
    }

    @Test
    void sharesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new Acceptance(List.of(0.5, 1.2)))
                .hasMessage("--accept: expected shares from 0 to 1, got 1.2");
        assertThatThrownBy(() -> new Acceptance(List.of()))
                .hasMessage("--accept: expected one share or more, got none");
    }
}
