package sparrow.train.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import sparrow.app.report.Table;
import sparrow.train.FrameHeadEvaluation.FrameFigures;
import sparrow.train.HeadAgreement;
import sparrow.train.HeadAgreement.Figures;
import sparrow.train.TrainedHead;
import sparrow.train.TrainedHead.EpochFigures;

/** Formats metrics of heads as tables. */
final class HeadTables {
    private HeadTables() {}

    /** An epoch of a layer's head, or one step of a draft head in an epoch. */
    private record Epoch(int layer, EpochFigures figures, int step, HeadAgreement heldOut, boolean best) {
        static List<Epoch> of(int layer, EpochFigures figures, boolean best) {
            List<Epoch> steps = new ArrayList<>(List.of(new Epoch(layer, figures, 1, figures.heldOut(), best)));
            for (HeadAgreement further : figures.further()) {
                steps.add(new Epoch(layer, figures, steps.size() + 1, further, best));
            }
            return steps;
        }
    }

    /** Returns a table of all epochs of the given heads. */
    static Table<?> epochs(List<TrainedHead> heads, boolean draft) {
        List<Epoch> epochs = new ArrayList<>();
        for (TrainedHead head : heads) {
            for (EpochFigures epoch : head.epochs()) {
                epochs.addAll(Epoch.of(
                        head.layer(), epoch, epoch.epoch() == head.best().epoch()));
            }
        }
        return table(epochs, draft);
    }

    /** Returns a table of one epoch. */
    static Table<?> epoch(int layer, EpochFigures epoch, boolean draft) {
        return table(Epoch.of(layer, epoch, false), draft);
    }

    private static Table<Epoch> table(List<Epoch> epochs, boolean draft) {
        Table<Epoch> table = new Table<>(epochs)
                .number("layer", "layer", 0, Epoch::layer)
                .number("epoch", "epoch", 0, epoch -> epoch.figures().epoch());
        if (draft) table.number("step", "step", 0, Epoch::step);
        table.number(
                        "training_loss",
                        "loss",
                        4,
                        epoch -> epoch.step() == 1 ? epoch.figures().trainingLoss() : null)
                .data("held_out_loss", epoch -> epoch.figures().heldOutLoss())
                .data("best", Epoch::best);
        return addFigures(table, Epoch::heldOut);
    }

    /** Returns a table that compares each layer's head with the last layer. */
    static Table<?> layers(SortedMap<Integer, HeadAgreement> layers) {
        Table<Map.Entry<Integer, HeadAgreement>> table =
                new Table<>(List.copyOf(layers.entrySet())).number("layer", "layer", 0, Map.Entry::getKey);
        return addFigures(table, Map.Entry::getValue);
    }

    /**
     * Metrics of a frame head.
     *
     * @param codebook codebook index, counted from 0, or null for complete frames
     */
    private record Codebook(int layer, Integer codebook, Figures figures) {}

    /**
     * Returns a table that compares frame heads with the last layer's head, for complete frames and for each codebook.
     */
    static Table<?> frames(SortedMap<Integer, FrameFigures> layers) {
        List<Codebook> rows = new ArrayList<>();
        layers.forEach((layer, figures) -> {
            rows.add(new Codebook(layer, null, figures.frames()));
            for (int codebook = 0; codebook < figures.codebooks().size(); codebook++) {
                rows.add(new Codebook(layer, codebook, figures.codebooks().get(codebook)));
            }
        });
        Table<Codebook> table = new Table<>(rows)
                .number("layer", "layer", 0, Codebook::layer)
                .number("codebook", "codebook", 0, Codebook::codebook);
        return addFigures(table, "speech", row -> Optional.of(row.figures()));
    }

    /** The agreement of one step of a draft head. */
    private record Step(int step, HeadAgreement agreement) {}

    /** Returns a table that compares each step of a draft head with the last layer. */
    static Table<?> steps(List<HeadAgreement> figures) {
        List<Step> steps = new ArrayList<>();
        for (HeadAgreement one : figures) steps.add(new Step(steps.size() + 1, one));
        return addFigures(new Table<>(steps).number("step", "step", 0, Step::step), Step::agreement);
    }

    private static <R> Table<R> addFigures(Table<R> table, Function<R, HeadAgreement> agreement) {
        addFigures(table, "speech", agreement.andThen(HeadAgreement::speech));
        return addFigures(table, "text", agreement.andThen(HeadAgreement::text));
    }

    private static <R> Table<R> addFigures(Table<R> table, String modality, Function<R, Optional<Figures>> figures) {
        return table.data(modality + "_positions", row -> value(figures.apply(row), Figures::positions))
                .number(
                        modality + "_agreement",
                        modality + " agrees",
                        share -> String.format(Locale.ROOT, "%.2f %%", 100 * share),
                        row -> value(figures.apply(row), Figures::agreement))
                .number(modality + "_cross_entropy", "CE", 4, row -> value(figures.apply(row), Figures::crossEntropy))
                .number(modality + "_divergence", "KL", 4, row -> value(figures.apply(row), Figures::divergence))
                .number(modality + "_entropy", "entropy", 4, row -> value(figures.apply(row), Figures::entropy));
    }

    private static <T> T value(Optional<Figures> figures, Function<Figures, T> value) {
        return figures.map(value).orElse(null);
    }
}
