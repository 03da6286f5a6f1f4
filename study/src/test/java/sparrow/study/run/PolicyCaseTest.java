package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Verification;

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
                "text=fixed:30+kv=omit",
                "even:12+verify=exact",
                "text=even:36+verify=measure",
                "draft:8:2",
                "text=draft:10:3+speech=draft:10:3:0.5"
            })
    void printsTheNotationThatItReads(String notation) {
        assertThat(PolicyCase.parse(notation).policies()).isEqualTo(notation);
    }

    @Test
    void aPolicyAloneIsThatOfSpeech() {
        DepthPolicy even = DepthPolicy.parse("even:12");

        assertThat(PolicyCase.parse("even:12").plan()).isEqualTo(ExitPlan.speech(even));
        assertThat(PolicyCase.parse("speech=even:12").plan()).isEqualTo(ExitPlan.speech(even));
        assertThat(PolicyCase.parse("text=even:12").plan()).isEqualTo(new ExitPlan(even, new ExitPolicy.None()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"texts=even:8", "even:8+speech=odd:8", "kv=fill+kv=copy", "verify=exact+verify=none"})
    void otherNotationsAreRefused(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCase.parse(notation))
                .withMessage("policies: expected POLICY (of speech), text=POLICY, speech=POLICY, kv=TREATMENT"
                        + " or verify=MODE, joined by +, got \"" + notation + "\"");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "even:12+verify=undo | verification: expected none, measure",
                "conf:8:0.5+verify=exact | verification exact: expected no confidence rule, got conf:8:0.5",
                "fixed:8+kv=copy+verify=measure | verification measure: expected skipped keys and values to be filled, got copy",
                "draft:8:2+verify=none | policy draft:8:2: expected verification exact, got none"
            })
    void partsThatDoNotGoTogetherAreRefusedInOneLine(String notation, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCase.parse(notation))
                .withMessageStartingWith(message)
                .withMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "even:12 | even:12,even:12+verify=measure,even:12+verify=exact",
                "text=even:8 | text=even:8,text=even:8+verify=measure,text=even:8+verify=exact",
                "none | none",
                "draft:8:2 | draft:8:2",
                "conf:8:0.5 | conf:8:0.5,conf:8:0.5+verify=measure",
                "fixed:8+kv=omit | fixed:8+kv=omit"
            })
    void earlyTokensHaveTheFatesThatTheyCanHave(String notation, String rows) {
        List<Verification> all = List.of(Verification.NONE, Verification.MEASURE, Verification.EXACT);

        assertThat(PolicyCase.parse(notation).verified(all))
                .extracting(PolicyCase::policies)
                .containsExactly(rows.split(","));
    }
}
