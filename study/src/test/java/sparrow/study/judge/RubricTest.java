package sparrow.study.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.judge.Items.item;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges answer as they like. */
class RubricTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"analysis\": \"It names Paris.\", \"judgment\": \"correct\"}           | 100",
                "{\"analysis\": \"It names Rome.\", \"judgment\": \"incorrect\"}          | 0",
                "```json {\"analysis\": \"x\", \"judgement\": \"Correct\"} ```            | 100",
                "{'analysis': 'x', 'judgment': 'incorrect'}                               | 0",
                "{\"analysis\": \"It says \"Paris\" aloud.\", \"judgment\": \"correct\"}  | 100",
                "{\"analysis\": \"judgment: correct would be wrong\", \"judgment\": \"incorrect\"} | 0",
                "{\"judgment\": true}                                                     | 100",
                "{\"judgment\":\"yes\"                                                    | 100",
                "**Judgment:** Incorrect                                                  | 0",
                "The answer is what was expected: [Correct]                               | 100",
                "Correct.                                                                 | 100",
                "no                                                                       | 0",
            })
    void readsRightAndWrongHoweverTheyAreWrapped(String judgment, double points) {
        assertThat(new AccuracyRubric().verdict(judgment)).isEqualTo(new Verdict.Graded(points));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "I cannot say whether this is correct.",
                "{\"analysis\": \"It is correct\"",
                "{\"judgment\": \"partially\"}",
                "{\"judgment\": \"correctish\"}"
            })
    void findsNoVerdictWhereNoneIsGiven(String judgment) {
        assertThat(new AccuracyRubric().verdict(judgment))
                .isInstanceOfSatisfying(
                        Verdict.Ungraded.class,
                        ungraded -> assertThat(ungraded.reason())
                                .startsWith("judge: expected a judgment, correct or incorrect, found "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A clear reply. Rating: [[7]]                 | 70",
                "[[10]]                                       | 100",
                "One might say [[3]], but I give [[ 8.5 ]]    | 85",
                "[[6/10]]                                     | 60",
                "8                                            | 80",
                "It is good. **Rating: 9/10**                 | 90",
                "Good in parts. My mark is 4.                 | 40",
            })
    void readsAMark(String judgment, double points) {
        assertThat(new TenPointRubric().verdict(judgment)).isEqualTo(new Verdict.Graded(points));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[[0]]", "[[11]]", "[[a]]", "There are 3 faults in it.", "[[99999999999999999999]]"})
    void findsNoMarkWhereNoneIsGiven(String judgment) {
        assertThat(new TenPointRubric().verdict(judgment))
                .isInstanceOfSatisfying(
                        Verdict.Ungraded.class,
                        ungraded -> assertThat(ungraded.reason())
                                .startsWith("judge: expected a mark from [[1]] to [[10]], found "));
    }

    @Test
    void quotesLittleOfAnUnreadableAnswerInOneLine() {
        Verdict verdict = new AccuracyRubric().verdict("well\nwell ".repeat(100));

        assertThat(((Verdict.Ungraded) verdict).reason()).doesNotContain("\n").hasSizeLessThan(200);
    }

    @Test
    void asksWithQuestionAnswersAndReply() {
        assertThat(new AccuracyRubric().prompt(item("Who?", "Mark Twain", "S. Clemens"), " twain, 100 % sure "))
                .contains("\nWho?\n")
                .contains("\n- Mark Twain\n- S. Clemens\n")
                .contains("<reply>\ntwain, 100 % sure\n</reply>")
                .contains("\"judgment\"");
        assertThat(new TenPointRubric().prompt(item("Why?", "not shown"), "because"))
                .contains("\nWhy?\n")
                .contains("\nbecause\n")
                .contains("[[5]]")
                .doesNotContain("not shown");
    }
}
