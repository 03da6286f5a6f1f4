package sparrow.engine.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one notation of exits: read, printed, refused, and split where it stands in a list. */
class ExitPlanNotationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "even:12",
                "conf:36:0.5",
                "conf:20,28,36:0.5",
                "FEEF:22",
                "speculate:3",
                "text=even:36",
                "text=conf:20,36:0.5,speech=even:36",
                "fixed:38+copy",
                "text=fixed:30+omit",
                "triple:22+verify",
                "text=even:36+measure",
                "draft:8:2",
                "text=draft:10:3,speech=draft:10:3:0.5",
                "none+speech-rows",
                "fixed:38+copy+speech-rows",
                "text=FEE:8,speech=even:8+measure+speech-rows"
            })
    void printsWhatItReads(String notation) {
        String printed = notation.replace("FEE:", "triple:");

        assertThat(ExitPlan.parse(notation)).hasToString(printed).isEqualTo(ExitPlan.parse(printed));
    }

    @Test
    void aPolicyAloneIsThatOfSpeech() {
        DepthPolicy even = DepthPolicy.parse("even:12");

        assertThat(ExitPlan.parse("even:12")).isEqualTo(ExitPlan.speech(even));
        assertThat(ExitPlan.parse("speech=even:12")).isEqualTo(ExitPlan.speech(even));
        assertThat(ExitPlan.parse("text=none,speech=even:12")).isEqualTo(ExitPlan.speech(even));
        assertThat(ExitPlan.parse("text=even:12")).isEqualTo(new ExitPlan(even, new ExitPolicy.None()));
    }

    @Test
    void theSuffixesAreWhatTheyAreCalled() {
        assertThat(ExitPlan.parse("even:8+copy").skippedKv()).isEqualTo(SkippedKv.COPY);
        assertThat(ExitPlan.parse("even:8+omit").skippedKv()).isEqualTo(SkippedKv.OMIT);
        assertThat(ExitPlan.parse("even:8+measure").verification()).isEqualTo(Verification.MEASURE);
        assertThat(ExitPlan.parse("even:8+verify").verification()).isEqualTo(Verification.EXACT);
        assertThat(ExitPlan.parse("even:8").verification()).isEqualTo(Verification.NONE);
        assertThat(ExitPlan.parse("draft:8:2").verification()).isEqualTo(Verification.EXACT);
        assertThat(ExitPlan.parse("draft:8:2+verify")).isEqualTo(ExitPlan.parse("draft:8:2"));
        assertThat(ExitPlan.parse("even:8+speech-rows").speechLogits()).isEqualTo(SpeechLogits.SPEECH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "texts=even:8",
                "speech=odd:8,text=even:8",
                "even:8,speech=odd:8",
                "text=even:8+speech=odd:8",
                "even:8+copy+copy",
                "even:8+measure+verify",
                "even:8+speech-rows+verify",
                "even:8+verify=exact",
                "even:8+"
            })
    void otherNotationsAreRefused(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExitPlan.parse(notation))
                .withMessage(
                        "exit: expected POLICY (for speech), text=POLICY or text=POLICY,speech=POLICY, optionally followed by +copy"
                                + " or +omit, +measure or +verify, +speech-rows, in this order, got \"" + notation
                                + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "evn:8 | exit policy: expected none, fixed:LAYER, conf:LAYER",
                "conf:8:0.5+verify | verification exact: expected no confidence rule, got conf:8:0.5",
                "fixed:8+copy+measure | verification measure: expected skipped keys and values to be filled, got copy",
                "draft:8:2+copy | verification exact: expected skipped keys and values to be filled, got copy",
                "draft:8:2+measure | policy draft:8:2: expected verification exact, got measure"
            })
    void partsThatDoNotGoTogetherAreRefusedInOneLine(String notation, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExitPlan.parse(notation))
                .withMessageStartingWith(message)
                .withMessageNotContaining("\n");
    }

    @Test
    void aLongListOfLayersIsRefusedAsAShortOneIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExitPlan.parse("conf:1" + ",1".repeat(100_000) + ":0.5"))
                .withMessageStartingWith("exit policy: expected ascending layers");
    }

    @Test
    void aListIsSplitBetweenPlansAlone() {
        String list = "none,conf:20,28:0.5,text=fixed:8,speech=even:36+verify,text=even:8,FEEF:22+speech-rows";

        List<String> plans = Stream.of(list.split(ExitPlan.SEPARATOR))
                .map(ExitPlan::parse)
                .map(ExitPlan::toString)
                .toList();

        assertThat(plans)
                .containsExactly(
                        "none",
                        "conf:20,28:0.5",
                        "text=fixed:8,speech=even:36+verify",
                        "text=even:8",
                        "FEEF:22+speech-rows");
    }
}
