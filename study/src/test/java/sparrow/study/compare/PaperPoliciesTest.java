package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.engine.exit.ExitPolicy;
import sparrow.study.run.PolicyCase;

class PaperPoliciesTest {
    /** The averages that the paper publishes, over one chunk of speech. */
    @ParameterizedTest
    @CsvSource({
        "S4, 28, 4, 25",
        "S5, 28, 4, 25",
        "S6, 28, 4, 25",
        "G4, 40, 26, 38",
        "G6, 40, 26, 38.04",
        "G7, 40, 26, 36.5"
    })
    void rowsOfThePaperRunAsDeepAsThePaperSays(String name, int layers, int chunk, double depth) {
        ExitPolicy speech =
                (ExitPolicy) PaperPolicies.named(name).orElseThrow().plan().speech();

        assertThat(IntStream.rangeClosed(1, chunk)
                        .map(place -> speech.exits(place, layers).getFirst().layer())
                        .average())
                .hasValueCloseTo(depth, within(0.005));
    }

    @Test
    void rowsOfThePaperHaveItsNames() {
        assertThat(PaperPolicies.named("G10"))
                .map(PolicyCase::toString)
                .contains("G10 text=conf:36:0.5,speech=even:36");
        assertThat(PaperPolicies.named("S1")).map(PolicyCase::policies).contains("none");
        assertThat(PaperPolicies.named("G11")).isEmpty();
    }
}
