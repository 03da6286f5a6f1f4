package sparrow.study.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.judge.Items.item;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.study.data.Item;

class MatchJudgeTest {
    private static final Verdict RIGHT = new Verdict.Graded(100);
    private static final Verdict WRONG = new Verdict.Graded(0);

    private final MatchJudge exact = new MatchJudge(MatchJudge.Rule.EXACT);
    private final MatchJudge contains = new MatchJudge(MatchJudge.Rule.CONTAINS);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Paris       | The capital of France is Paris.           | true",
                "Paris       | the capital of france is PARIS!           | true",
                "Paris       | It is in comparison smaller.              | false",
                "25          | She was twenty-five years old.            | true",
                "twenty five | 25                                        | true",
                "25          | It happened in 1925.                      | false",
                "New York    | York is the new one.                      | false",
                "New York    | It is New  York, I think.                 | true",
                "São Paulo   | Sao Paulo is larger.                      | true",
                "colour      | The color is blue.                        | true",
                "东京        | 东京                                       | true",
                "The Beatles | Beatles                                   | false",
            })
    void findsTheWordsOfAnAnswer(String answer, String reply, boolean right) {
        assertThat(contains.judge(item("?", answer), reply)).isEqualTo(right ? RIGHT : WRONG);
    }

    @Test
    void takesAnyAlias() {
        Item item = item("?", "Mark Twain", "Samuel Clemens");

        assertThat(contains.judge(item, "That was Samuel Clemens.")).isEqualTo(RIGHT);
        assertThat(contains.judge(item, "That was Samuel Pepys.")).isEqualTo(WRONG);
    }

    /** Normalising takes away what stands in brackets; nothing is contained in everything. */
    @Test
    void findsNoAnswerInAnAliasWithoutWords() {
        assertThat(contains.judge(item("?", "(none)", "Ohio"), "It is Texas.")).isEqualTo(WRONG);
        assertThat(exact.judge(item("?", "(none)", "Ohio"), "")).isEqualTo(WRONG);
    }

    @Test
    void wantsTheWholeReplyWhereTheRuleIsExact() {
        Item item = item("?", "the capital of kenya is nairobi. kenya is in africa.");

        assertThat(exact.judge(item, "The capital of Kenya is Nairobi, Kenya is in Africa"))
                .isEqualTo(RIGHT);
        assertThat(exact.judge(item, "the capital of kenya is nairobi.")).isEqualTo(WRONG);
        assertThat(exact.judge(item, "well the capital of kenya is nairobi kenya is in africa"))
                .isEqualTo(WRONG);
    }

    @Test
    void wantsEveryLetterWhereTheRuleIsVerbatim() {
        MatchJudge verbatim = new MatchJudge(MatchJudge.Rule.VERBATIM);
        Item item = item("?", "two plus three is five.");

        assertThat(verbatim.judge(item, " two plus three is five.")).isEqualTo(RIGHT);
        assertThat(verbatim.judge(item, "two plus three is five"))
                .as("recognisers write no full stops")
                .isEqualTo(RIGHT);
        assertThat(verbatim.judge(item, "two plus tree is five.")).isEqualTo(WRONG);
        assertThat(verbatim.judge(item, "two plus three is 5.")).isEqualTo(WRONG);
        assertThat(verbatim.judge(item("?"), "yes")).isInstanceOf(Verdict.Ungraded.class);
    }

    @Test
    void leavesAQuestionWithoutAnswersUngraded() {
        assertThat(exact.judge(item("?"), "yes")).isInstanceOf(Verdict.Ungraded.class);
        assertThat(contains.judge(item("?", "..."), "yes")).isInstanceOf(Verdict.Ungraded.class);
    }
}
