package sparrow.study.paper;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import sparrow.study.paper.Claim.Bound;
import sparrow.study.paper.Claim.Finding;
import sparrow.study.report.Markup;

/** Draws the intervals of a claim's findings on the bounds. Findings with one metric have one scale. */
final class Intervals {
    private static final double WIDTH = 240;

    /** Distance between the outermost value and the edge. */
    private static final double EDGE = 8;

    private Intervals() {}

    static String of(List<Finding> findings) {
        StringBuilder rows = new StringBuilder("<div class=\"findings\">\n");
        String metric = "";
        for (Finding finding : findings.stream()
                .sorted(Comparator.comparingInt(one -> place(findings, one)))
                .toList()) {
            if (!finding.metric().equals(metric)) {
                metric = finding.metric();
                rows.append("<h4>").append(Markup.escaped(title(finding))).append("</h4>\n");
            }
            rows.append(row(finding, findings));
        }
        return rows.append("</div>\n").toString();
    }

    /** Returns the place of a finding's metric in the order in which the claim lists metrics. */
    private static int place(List<Finding> findings, Finding finding) {
        return findings.stream().map(Finding::metric).distinct().toList().indexOf(finding.metric());
    }

    private static String title(Finding finding) {
        return finding.metric()
                + switch (finding.bound()) {
                    case Bound.AtMost(double margin) -> " (bound: at most " + number(margin) + ")";
                    case Bound.MoreThan(double margin) -> " (bound: more than " + number(margin) + ")";
                    case Bound.None() -> "";
                };
    }

    private static String row(Finding finding, List<Finding> all) {
        String value = finding.toString().substring(finding.of().length() + 2);
        return "<div class=\"finding %s\"><span>%s</span>%s<span class=\"value\">%s</span></div>\n"
                .formatted(
                        ClaimCard.style(finding.verdict()),
                        Markup.escaped(finding.of()),
                        finding.evidence() == null
                                ? "<span></span>"
                                : drawn(
                                        finding,
                                        all.stream()
                                                .filter(one -> one.metric().equals(finding.metric()))
                                                .toList()),
                        Markup.escaped(
                                finding.evidence() == null
                                        ? "not measured"
                                        : value.substring(finding.metric().length() + 1)));
    }

    private static String drawn(Finding finding, List<Finding> scale) {
        double[] ends = scale.stream().flatMapToDouble(Intervals::ends).toArray();
        double least = DoubleStream.of(ends).min().orElseThrow();
        double range = Math.max(DoubleStream.of(ends).max().orElseThrow() - least, 1e-9);
        Evidence.Interval interval = finding.evidence().interval();
        StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 240 18\" aria-hidden=\"true\">");
        svg.append(line("zero", x(0, least, range), 3, x(0, least, range), 15));
        margin(finding.bound())
                .ifPresent(
                        margin -> svg.append(line("bound", x(margin, least, range), 0, x(margin, least, range), 18)));
        svg.append(line("interval", x(interval.low(), least, range), 9, x(interval.high(), least, range), 9));
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"9\" r=\"3.5\"/>",
                x(finding.evidence().value(), least, range)));
        return svg.append("</svg>").toString();
    }

    private static DoubleStream ends(Finding finding) {
        DoubleStream bound = DoubleStream.concat(DoubleStream.of(0), margin(finding.bound()).stream());
        if (finding.evidence() == null) return bound;
        Evidence.Interval interval = finding.evidence().interval();
        return DoubleStream.concat(bound, DoubleStream.of(interval.low(), interval.high()));
    }

    private static OptionalDouble margin(Bound bound) {
        return switch (bound) {
            case Bound.AtMost(double margin) -> OptionalDouble.of(margin);
            case Bound.MoreThan(double margin) -> OptionalDouble.of(margin);
            case Bound.None() -> OptionalDouble.empty();
        };
    }

    private static double x(double value, double least, double range) {
        return EDGE + (value - least) / range * (WIDTH - 2 * EDGE);
    }

    private static String line(String style, double fromX, double fromY, double toX, double toY) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                style,
                fromX,
                fromY,
                toX,
                toY);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
