package sparrow.study.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import sparrow.study.heads.DraftHeadEvaluation;
import sparrow.study.heads.EpochFigures;
import sparrow.study.heads.Figures;
import sparrow.study.heads.HeadAgreement;

/** Figures of heads, a line for each. */
final class HeadsTable {
    private static final String FIGURES = " %9s %9s %9s %9s %9s %9s %9s %9s";

    private HeadsTable() {}

    /** Two lines above the figures of epochs. */
    static String epochHeader() {
        return header("%5s %5s %9s".formatted("", "", ""), "%5s %5s %9s".formatted("layer", "epoch", "loss"));
    }

    static String epoch(int layer, EpochFigures epoch) {
        String loss = Double.isNaN(epoch.trainingLoss()) ? "" : number(epoch.trainingLoss());
        return "%5d %5d %9s".formatted(layer, epoch.epoch(), loss) + figures(epoch.heldOut());
    }

    /** Of a draft head the steps behind the first, below the line of the epoch. */
    static List<String> furtherSteps(EpochFigures epoch) {
        return IntStream.range(0, epoch.further().size())
                .mapToObj(i -> "%11s %9s".formatted("", "step " + (i + 2))
                        + figures(epoch.further().get(i)))
                .toList();
    }

    /** Two lines above the figures of steps. */
    static String stepHeader() {
        return header("%5s".formatted(""), "%5s".formatted("step"));
    }

    /** A step, and a line for each group of places. */
    static List<String> step(DraftHeadEvaluation.StepFigures step) {
        List<String> lines = new ArrayList<>();
        lines.add("%5d".formatted(step.step()) + figures(step.all()));
        for (DraftHeadEvaluation.PlaceFigures place : step.places()) {
            lines.add("%5s".formatted(place.from() + "..") + figures(Optional.of(place.figures())));
        }
        return lines;
    }

    /** Two lines above the figures of layers. */
    static String layerHeader() {
        return header("%5s".formatted(""), "%5s".formatted("layer"));
    }

    static String layer(int layer, HeadAgreement comparison) {
        return "%5d".formatted(layer) + figures(comparison);
    }

    private static String header(String above, String names) {
        return above
                + " %-39s %-39s%n".formatted("   speech", "   text").stripTrailing()
                + System.lineSeparator()
                + names
                + FIGURES.formatted("agreement", "CE", "KL", "entropy", "agreement", "CE", "KL", "entropy");
    }

    private static String figures(HeadAgreement comparison) {
        return figures(comparison.speech()) + figures(comparison.text());
    }

    private static String figures(Optional<Figures> figures) {
        return figures.map(f -> String.format(
                        Locale.ROOT,
                        " %7.2f %% %9s %9s %9s",
                        100 * f.agreement(),
                        number(f.crossEntropy()),
                        number(f.divergence()),
                        number(f.entropy())))
                .orElse(" %9s %9s %9s %9s".formatted("-", "-", "-", "-"));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
