package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;

class PolicyCaseTest {
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
        assertThat(PolicyCase.parse(notation).policies()).isEqualTo(notation);
    }

    @Test
    void aPolicyAloneIsThatOfSpeech() {
        ExitPolicy even = ExitPolicy.parse("even:12");

        assertThat(PolicyCase.parse("even:12").plan()).isEqualTo(ExitPlan.speech(even));
        assertThat(PolicyCase.parse("speech=even:12").plan()).isEqualTo(ExitPlan.speech(even));
        assertThat(PolicyCase.parse("text=even:12").plan()).isEqualTo(new ExitPlan(even, new ExitPolicy.None()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"texts=even:8", "even:8+speech=odd:8", "kv=fill+kv=copy"})
    void otherNotationsAreRefused(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCase.parse(notation))
                .withMessage("policies: expected POLICY (of speech), text=POLICY, speech=POLICY or kv=TREATMENT,"
                        + " joined by +, got \"" + notation + "\"");
    }

    @Test
    void baselinesAreTreatedInSeveralWaysAndSchedulesInTheirOwn() {
        List<SkippedKv> treatments = List.of(SkippedKv.FILL, SkippedKv.OMIT);

        assertThat(PolicyCase.parse("fixed:12").treated(treatments))
                .extracting(PolicyCase::policies)
                .containsExactly("fixed:12", "fixed:12+kv=omit");
        assertThat(PolicyCase.parse("text=conf:8:0.5+speech=even:12").treated(treatments))
                .hasSize(1);
        assertThat(PolicyCase.NONE.treated(treatments)).containsExactly(PolicyCase.NONE);
    }
}
