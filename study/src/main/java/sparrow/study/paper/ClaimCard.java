package sparrow.study.paper;

import java.util.Locale;
import sparrow.study.paper.Claim.Verdict;
import sparrow.study.report.Markup;

/** The card of a claim: quotation, verdict, rule, and intervals. A figure may follow before the card ends. */
final class ClaimCard {
    private ClaimCard() {}

    static String begin(int number, Claim claim) {
        return """
                <article class="card %s" id="claim-%d">
                <header><span class="mark">%s</span><span>%s</span><span class="section">%s</span></header>
                <blockquote>“%s”</blockquote>
                <p class="rule">%s</p>
                %s""".formatted(
                        style(claim.verdict()),
                        number,
                        mark(claim.verdict()),
                        Markup.escaped(number + " · " + claim.verdictInWords()),
                        Markup.escaped(place(claim.section())),
                        Markup.escaped(claim.paper()),
                        Markup.escaped(claim.rule()),
                        Intervals.of(claim.findings()));
    }

    /** Returns the sections in words, such as {@code section 4.1} or {@code abstract, 5.3}. */
    private static String place(String sections) {
        return Character.isDigit(sections.charAt(0)) ? "section " + sections : sections;
    }

    static String end(String listen) {
        return "<p class=\"listen\"><a href=\"#" + listen + "\">Listen</a></p>\n</article>";
    }

    /** Returns a verdict's class in the style sheet. */
    static String style(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String mark(Verdict verdict) {
        return switch (verdict) {
            case HOLDS -> "✓";
            case DOES_NOT_HOLD -> "✗";
            case INCONCLUSIVE -> "?";
            case REPORTED -> "–";
        };
    }
}
