package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;

class PolicyRowTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "even:12",
                "conf:36:0.5",
                "FEEF:22",
                "text=even:36",
                "text=conf:36:0.5+speech=even:36",
                "fixed:38+kv=copy",
                "text=fixed:30+kv=omit"
            })
    void printsTheNotationThatItReads(String notation) {
        assertThat(PolicyRow.parse(notation).policies()).isEqualTo(notation);
    }

    @Test
    void aPolicyAloneIsThatOfSpeech() {
        ExitPolicy even = ExitPolicy.parse("even:12");

        assertThat(PolicyRow.parse("even:12").plan()).isEqualTo(ExitPlan.speech(even));
        assertThat(PolicyRow.parse("speech=even:12").plan()).isEqualTo(ExitPlan.speech(even));
        assertThat(PolicyRow.parse("text=even:12").plan()).isEqualTo(new ExitPlan(even, new ExitPolicy.None()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"texts=even:8", "even:8+speech=odd:8", "kv=fill+kv=copy"})
    void otherNotationsAreRefused(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyRow.parse(notation))
                .withMessage("policies: expected POLICY (of speech), text=POLICY, speech=POLICY or kv=TREATMENT,"
                        + " joined by +, got \"" + notation + "\"");
    }

    @Test
    void baselinesAreTreatedInSeveralWaysAndSchedulesInTheirOwn() {
        List<SkippedKv> treatments = List.of(SkippedKv.FILL, SkippedKv.OMIT);

        assertThat(PolicyRow.parse("fixed:12").treated(treatments))
                .extracting(PolicyRow::policies)
                .containsExactly("fixed:12", "fixed:12+kv=omit");
        assertThat(PolicyRow.parse("text=conf:8:0.5+speech=even:12").treated(treatments))
                .hasSize(1);
        assertThat(PolicyRow.NONE.treated(treatments)).containsExactly(PolicyRow.NONE);
    }

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
        ExitPolicy speech = PaperRows.named(name).orElseThrow().plan().speech();

        assertThat(speech.averageDepth(layers, chunk)).isCloseTo(depth, within(0.005));
    }

    @Test
    void rowsOfThePaperHaveItsNames() {
        assertThat(PaperRows.named("G10")).map(PolicyRow::toString).contains("G10 text=conf:36:0.5+speech=even:36");
        assertThat(PaperRows.named("S1")).map(PolicyRow::policies).contains("none");
        assertThat(PaperRows.named("G11")).isEmpty();
    }
}
