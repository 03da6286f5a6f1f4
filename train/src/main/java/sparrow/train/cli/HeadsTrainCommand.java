package sparrow.train.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.Main;
import sparrow.app.console.Waiting;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.OutputPath;
import sparrow.models.SpokenModel;
import sparrow.study.cli.MixedNumericsOption;
import sparrow.study.cli.WorkersOptions;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.report.Report;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.WorkerPool;
import sparrow.train.DraftHeadTraining;
import sparrow.train.DraftHeadTraining.DraftTrainingSettings;
import sparrow.train.HeadTraining;
import sparrow.train.TrainedHead;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainingListener;
import sparrow.train.TrainingSettings;
import sparrow.train.TrainingSettings.FrameTarget;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.TrainingSettings.HeadShape;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.optimiser.Hyperparameters;

/** The command {@code sparrow heads train}, which trains exit heads on a harvested store. */
@Command(
        name = "train",
        description = "Train exit heads or a draft head on a harvested store; the model does not change. Run "
                + "the same command again to resume, with bit-identical results.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow heads train store/ --layers 8,10,12 --out heads/",
            "  sparrow heads train store/ --vocab speech --set rank=64 --out heads/",
            "  sparrow heads train store/ --draft-head --out heads/"
        })
final class HeadsTrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STORE", description = "Store written by sparrow heads harvest.")
    private Path store;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "L",
            description = "Layers to train a head for. Default: all.")
    private List<Integer> layers;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "New or empty folder for the heads, or a run to resume.")
    private Path out;

    @Option(
            names = "--vocab",
            paramLabel = "TOKENS",
            defaultValue = "full",
            description = "Tokens that the heads predict: full (all), speech (speech and end tokens) or frames. "
                    + "Default: ${DEFAULT-VALUE}.")
    private HeadVocabulary vocabulary;

    @Option(
            names = "--set frame-target",
            paramLabel = "TARGET",
            description = "Target for frame heads: codes (the depth decoder's distributions at full depth) or "
                    + "inputs (its inputs, which is cheaper). Default: codes.")
    private FrameTarget frameTarget;

    @Option(
            names = "--set norm",
            paramLabel = "NORM",
            defaultValue = "final",
            description = "Norm before the matrices: final (the model's) or none. Default: ${DEFAULT-VALUE}.")
    private HeadNorm norm;

    @ArgGroup
    private Shape shape = new Shape();

    static final class Shape {
        @Option(
                names = "--set rank",
                paramLabel = "R",
                description = "Train a correction of this rank to the output matrix instead of a full matrix.")
        private Integer rank;

        @Option(
                names = "--set translator",
                arity = "1",
                paramLabel = "true|false",
                description = "Train a map of the hidden state (a tuned lens), and use the model's output matrix.")
        private boolean translator;

        HeadShape shape() {
            if (translator) return new HeadShape.Translator();
            return rank == null ? new HeadShape.Full() : new HeadShape.LowRank(rank);
        }
    }

    @Option(names = "--draft-head", description = "Train a draft head, for speculate:N.")
    private boolean draftHead;

    @Option(
            names = "--set draft-steps",
            paramLabel = "N",
            description = "Number of tokens ahead that a draft head learns to predict. Default: 3.")
    private Integer steps;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "6",
            description = "Number of passes over the positions. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--set train-batch",
            paramLabel = "N",
            defaultValue = "512",
            description = "Number of positions per step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--lr", paramLabel = "X", description = "Maximum learning rate. Default: 0.75 / width.")
    private Double learningRate;

    @Option(
            names = "--set weight-decay",
            paramLabel = "X",
            defaultValue = "0",
            description = "AdamW's weight decay. Default: ${DEFAULT-VALUE}.")
    private double weightDecay;

    @Option(
            names = "--set warmup",
            paramLabel = "SHARE",
            defaultValue = "0.02",
            description = "Share of steps during which the learning rate increases. Default: 0.02.")
    private Share warmUp;

    @Option(
            names = "--set text-weight",
            paramLabel = "X",
            defaultValue = "0.5",
            description =
                    "Loss weight of a text position; a speech position has weight 1. Default: " + "${DEFAULT-VALUE}.")
    private double textWeight;

    @Option(
            names = "--set held-out",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share of replies that are held out for evaluation. Default: 0.05.")
    private Share heldOut;

    @Option(
            names = "--set patience",
            paramLabel = "N",
            defaultValue = "2",
            description = "Stop after N epochs without a smaller held-out loss. Default: ${DEFAULT-VALUE}.")
    private int patience;

    @Option(
            names = "--set checkpoint",
            paramLabel = "STEPS",
            defaultValue = "200",
            description = "Number of steps between checkpoints, in addition to a checkpoint after each epoch. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int checkpoint;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed for the split, the order and the initial weights. Default: 0.")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private MixedNumericsOption mixedNumericsOption;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Mixin
    private WorkersOptions workersOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFolder("--out", out);
        requireOwnOptions();
        workersOptions.check(modelOptions, out);
        long start = System.nanoTime();
        List<TrainedHead> trained;
        PrintWriter terminal = spec.commandLine().getOut();
        try (ModelOptions.Opened opened = modelOptions.open();
                HarvestStore harvested = HarvestStore.open(store);
                Progress progress = new Progress(json ? new PrintWriter(Writer.nullWriter()) : terminal, draftHead)) {
            trained = train(opened.model(), harvested, progress);
        } catch (ClosedByInterruptException e) {
            throw new RunStoppedException();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (json) {
            SequencedMap<String, Object> facts = new LinkedHashMap<>();
            facts.put("heads", out.toString());
            facts.put("seconds", seconds);
            Report report = new Report("Training of heads").facts("facts", facts);
            terminal.println(report.table("epochs", HeadTables.epochs(trained, draftHead))
                    .json());
        } else terminal.printf(Locale.ROOT, "%s: %s; %.0f s%n", out, what(trained), seconds);
        terminal.flush();
        return 0;
    }

    private List<TrainedHead> train(SpokenModel model, HarvestStore harvested, Progress progress) throws IOException {
        int width = model.languageModel().width();
        MixedNumerics mixedNumerics = mixedNumericsOption.mixedNumerics();
        if (draftHead) {
            return List.of(new DraftHeadTraining(model, harvested, stepSettings(width))
                    .into(out, Main.version(), mixedNumerics, progress));
        }
        HeadTraining training = new HeadTraining(model, harvested, settings(harvested, width));
        if (!workersOptions.isElsewhere()) return training.into(out, Main.version(), mixedNumerics, progress);
        try (WorkerPool workers = workersOptions.open(modelOptions, model)) {
            return training.into(out, Main.version(), workers, mixedNumerics, progress);
        }
    }

    /** Rejects options that apply only to a different kind of head. */
    private void requireOwnOptions() {
        if (draftHead && workersOptions.isElsewhere()) {
            throw new IllegalArgumentException(
                    "--draft-head: expected without --on: one head is trained on one machine");
        }
        List<String> others = draftHead
                ? List.of("--layers", "--vocab", "--set frame-target", "--set norm", "--set rank", "--set translator")
                : List.of("--set draft-steps");
        for (String option : others) {
            if (!spec.commandLine().getParseResult().hasMatchedOption(option)) continue;
            throw new IllegalArgumentException(
                    option + ": expected " + (draftHead ? "without" : "with") + " --draft-head");
        }
    }

    private String what(List<TrainedHead> trained) {
        if (draftHead) return "draft head";
        return (vocabulary == HeadVocabulary.FRAMES ? "frame heads of layers " : "heads of layers ")
                + trained.stream().map(TrainedHead::layer).toList();
    }

    private DraftTrainingSettings stepSettings(int width) {
        return new DraftTrainingSettings(steps == null ? 3 : steps, hyperparameters(width));
    }

    private TrainingSettings settings(HarvestStore harvested, int width) {
        return new TrainingSettings(
                layers == null ? harvested.layers() : layers,
                vocabulary,
                norm,
                shape.shape(),
                frameTarget(),
                hyperparameters(width));
    }

    private FrameTarget frameTarget() {
        if (vocabulary == HeadVocabulary.FRAMES) return frameTarget == null ? FrameTarget.CODES : frameTarget;
        if (frameTarget != null) throw new IllegalArgumentException("--set frame-target: expected with --vocab frames");
        return null;
    }

    private Hyperparameters hyperparameters(int width) {
        return new Hyperparameters(
                epochs,
                batch,
                learningRate == null ? Hyperparameters.defaultLearningRate(width) : learningRate,
                weightDecay,
                warmUp.value(),
                textWeight,
                heldOut.value(),
                patience,
                checkpoint,
                seed);
    }

    /** Prints a progress bar of steps and a line for every epoch. */
    private static final class Progress implements TrainingListener, AutoCloseable {
        /** Fixed column width, because lines are printed one by one and columns cannot be fitted to their content. */
        private static final int COLUMN = 9;

        private final PrintWriter out;
        private final boolean draft;
        private Waiting bar = Waiting.silent();
        private boolean titled;
        private int done;
        private int steps;

        Progress(PrintWriter out, boolean draft) {
            this.out = out;
            this.draft = draft;
        }

        @Override
        public void begin(int layer, int before, int all) {
            done = before;
            steps = all;
            show(layer);
        }

        private void show(int layer) {
            bar = Waiting.begin("layer " + layer, steps);
            for (int i = 0; i < done; i++) bar.step();
        }

        @Override
        public void step(int layer) {
            done++;
            bar.step();
        }

        @Override
        public void epoch(int layer, EpochFigures figures) {
            bar.end();
            List<String> lines = HeadTables.epoch(layer, figures, draft).lines(COLUMN);
            lines.subList(titled ? 1 : 0, lines.size()).forEach(out::println);
            titled = true;
            out.flush();
            if (done < steps) show(layer);
        }

        @Override
        public void close() {
            bar.end();
        }
    }
}
