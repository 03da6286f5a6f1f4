package sparrow.study.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.study.paper.Claim.Bound;
import sparrow.study.paper.Claim.Finding;

/** The markup of a claim's card. */
class ClaimCardTest {
    private static String card(Finding... findings) {
        return card("5.3", findings);
    }

    private static String card(String sections, Finding... findings) {
        return ClaimCard.begin(3, new Claim(sections, "K > 2 & \"more\"", "a rule", List.of(findings)));
    }

    @Test
    void aCardQuotesTheClaimAndHasItsVerdict() {
        assertThat(card(new Finding("even:12", "points lost", new Evidence.Loss(0, 0, 5000), new Bound.AtMost(1))))
                .contains(
                        "<blockquote>“K &gt; 2 &amp; &quot;more&quot;”</blockquote>",
                        "class=\"card holds\"",
                        "3 · holds")
                .contains("points lost (bound: at most 1)", "<span class=\"value\">0.0 (-0.1 to 0.1)</span>");
        assertThat(card(new Finding("a", "m", null, new Bound.MoreThan(0.1))))
                .contains("class=\"card inconclusive\"", "m (bound: more than 0.1)", "not measured");
    }

    @Test
    void aCardNamesTheSectionsOfTheClaim() {
        Finding finding = new Finding("a", "m", null, new Bound.MoreThan(0.1));

        assertThat(card("1, 4.1", finding)).contains("class=\"section\">section 1, 4.1</span>");
        assertThat(card("abstract, 5.3", finding)).contains("class=\"section\">abstract, 5.3</span>");
    }

    /** Drawn positions have the order of the values. */
    @ParameterizedTest
    @CsvSource({"0", "3", "50"})
    void anIntervalIsDrawnOnItsBound(int lost) {
        Evidence loss = new Evidence.Loss(lost, 0, 300);
        String card = card(new Finding("even:8", "points lost", loss, new Bound.AtMost(4)));

        double bound = x(card, "class=\"bound\" x1=");
        double low = x(card, "class=\"interval\" x1=");
        double high = x(card, "class=\"interval\" x1=\"[0-9.]+\" y1=\"9.0\" x2=");
        double value = x(card, "<circle cx=");
        assertThat(low).isBetween(0.0, value);
        assertThat(high).isBetween(value, 240.0);
        assertThat(low < bound).isEqualTo(loss.interval().low() < 4);
        assertThat(high < bound).isEqualTo(loss.interval().high() < 4);
        assertThat(x(card, "class=\"zero\" x1=") < value).isEqualTo(lost > 0);
    }

    @Test
    void findingsOfOneMetricStandTogetherOnOneScale() {
        String card = card(
                new Finding("even:8", "m", new Evidence.Share(1, 10), new Bound.None()),
                new Finding("even:8", "n", new Evidence.Share(1, 10), new Bound.None()),
                new Finding("odd:8", "m", new Evidence.Share(9, 10), new Bound.None()));

        assertThat(card.indexOf("odd:8")).isLessThan(card.indexOf("<h4>n</h4>"));
        List<String> dots = Pattern.compile("<circle cx=\"([0-9.]+)")
                .matcher(card)
                .results()
                .map(dot -> dot.group(1))
                .toList();
        assertThat(Double.parseDouble(dots.get(0))).isLessThan(Double.parseDouble(dots.get(1)));
    }

    private static double x(String card, String before) {
        Matcher found = Pattern.compile(before + "\"([0-9.]+)\"").matcher(card);
        assertThat(found.find()).as(before).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
