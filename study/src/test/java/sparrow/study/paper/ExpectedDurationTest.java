package sparrow.study.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpectedDurationTest {
    private static final Duration FULL_DEPTH = Duration.ofMinutes(4);

    private static final ExpectedDuration.Comparison TABLES = new ExpectedDuration.Comparison(80, 27);

    @Test
    void everyOtherPlanAndLayerTakesAsLongAsFullDepth() {
        ExpectedDuration.Comparison heldOut = new ExpectedDuration.Comparison(20, 11);

        ExpectedDuration expected = new ExpectedDuration(FULL_DEPTH, TABLES, Optional.of(heldOut), 100);

        // 26 plans of 80 questions, 10 of 20 held-out questions, and 100 replies of layers, each 3 seconds.
        assertThat(expected.remaining()).isEqualTo(Duration.ofMinutes(104 + 10 + 5));
        assertThat(expected.work())
                .isEqualTo(
                        "27 exit plans on 80 questions, 11 exit plans on 20 held-out questions, 100 replies of layers");
    }

    @Test
    void withoutHeldOutQuestionsOnlyTheTablesCount() {
        ExpectedDuration expected = new ExpectedDuration(FULL_DEPTH, TABLES, Optional.empty(), 0);

        assertThat(expected.remaining()).isEqualTo(Duration.ofMinutes(104));
        assertThat(expected.work()).isEqualTo("27 exit plans on 80 questions, 0 replies of layers");
    }
}
