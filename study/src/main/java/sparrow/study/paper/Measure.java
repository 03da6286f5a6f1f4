package sparrow.study.paper;

import sparrow.app.report.Mean;
import sparrow.study.compare.PairedDifference;
import sparrow.study.compare.PolicyResult;
import sparrow.study.paper.Claim.Bound;
import sparrow.study.paper.Claim.Finding;

/** Findings of the paper's metrics. Differences are those of {@link PairedDifference}. */
final class Measure {
    private static final double BEST_MOS = 5;
    private static final double WORST_MOS = 1;

    private Measure() {}

    /** Returns the loss of points, exactly if every difference is a whole reply. */
    static Finding loss(String of, PairedDifference difference, Bound bound) {
        boolean heard = difference.heard().value() != null;
        return loss(of, heard ? "points lost in transcripts" : "points lost in text", difference, bound);
    }

    private static Finding loss(String of, String metric, PairedDifference difference, Bound bound) {
        PairedDifference.Points points = difference.points();
        Evidence evidence = points.whole() && points.facts() > 0
                ? new Evidence.Loss(points.lost(), points.gained(), points.facts())
                : average(difference.score().times(-1), -100, 100);
        return new Finding(of, metric, evidence, bound);
    }

    /** Returns the loss of points of the text, beside that of transcripts. */
    static Finding textLoss(String of, PairedDifference difference) {
        return new Finding(
                of, "points lost in text", average(difference.text().times(-1), -100, 100), new Bound.None());
    }

    /** Returns the loss of MOS relative to a policy with the given MOS. */
    static Finding mos(String of, Mean difference, Mean other, Bound bound) {
        if (other == null || other.value() == null) return new Finding(of, "MOS lost", null, bound);
        return new Finding(
                of,
                "MOS lost",
                average(
                        difference == null ? null : difference.times(-1),
                        other.value() - BEST_MOS,
                        other.value() - WORST_MOS),
                bound);
    }

    static Finding wer(String of, Mean difference, Bound bound) {
        return new Finding(of, "WER rise, points", average(difference, -100, 100), bound);
    }

    static Finding identical(String of, PairedDifference difference) {
        Evidence share =
                difference.facts() == 0 ? null : new Evidence.Share(difference.identicalFacts(), difference.facts());
        return new Finding(of, "facts with identical replies, %", share, new Bound.None());
    }

    static Finding withoutEnd(PolicyResult row, Bound bound) {
        int facts = row.all().difference().facts();
        int endless = (int) Math.round((1 - row.all().endedShare()) * facts);
        return new Finding(row.policies(), "replies without end, %", new Evidence.Share(endless, facts), bound);
    }

    /** Returns the evidence of a mean, or null without a value or error. */
    static Evidence average(Mean mean, double least, double greatest) {
        if (mean == null || mean.value() == null || mean.standardError() == null) return null;
        return new Evidence.Average(mean.value(), mean.standardError(), mean.count(), least, greatest);
    }

    /**
     * Returns the evidence of a step minus half of the whole. Their errors are added, because both contain the same
     * replies.
     */
    static Evidence above(Mean step, Mean whole) {
        if (step == null || step.standardError() == null || whole.standardError() == null) return null;
        return new Evidence.Average(
                step.value() - whole.value() / 2,
                step.standardError() + whole.standardError() / 2,
                step.count(),
                -100,
                100);
    }
}
