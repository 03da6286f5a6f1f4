package sparrow.train.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.options.ModelOptions;
import sparrow.engine.head.ExitHeads;
import sparrow.study.report.Report;
import sparrow.train.DraftHeadEvaluation;
import sparrow.train.FrameHeadEvaluation;
import sparrow.train.FrameHeadEvaluation.FrameFigures;
import sparrow.train.HeadAgreement;
import sparrow.train.HeadEvaluation;
import sparrow.train.harvest.HarvestStore;

/** The command {@code sparrow heads evaluate}, which compares heads with the last layer. */
@Command(
        name = "evaluate",
        description = "Compare heads with the last layer at each position in a store: agreement, "
                + "cross-entropy, divergence and entropy, in nats.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow heads evaluate validation/                    # the model's own heads",
            "  sparrow heads evaluate validation/ --heads heads/ --json"
        })
final class HeadsEvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STORE", description = "Store written by sparrow heads harvest.")
    private Path store;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SortedMap<Integer, HeadAgreement> figures = new TreeMap<>();
        SortedMap<Integer, FrameFigures> frames = new TreeMap<>();
        List<HeadAgreement> steps = List.of();
        try (ModelOptions.Opened opened = modelOptions.open();
                HarvestStore harvested = HarvestStore.open(store)) {
            ExitHeads heads = opened.model().languageModel().heads();
            boolean ofFrames = opened.model().files().frameHeads().isPresent();
            if (ofFrames) frames = new FrameHeadEvaluation(opened.model(), harvested).figures();
            boolean alone =
                    (heads.draft().isPresent() || ofFrames) && heads.layers().isEmpty();
            if (!alone) figures = new HeadEvaluation(opened.model(), harvested).figures();
            if (heads.draft().isPresent()
                    && (alone || harvested.metadata().targets().areExact())) {
                steps = new DraftHeadEvaluation(opened.model(), harvested).figures();
            }
        }
        Report report = new Report("Heads against the last layer");
        if (!figures.isEmpty()) report.table("layers", HeadTables.layers(figures));
        if (!frames.isEmpty()) report.table("frames", HeadTables.frames(frames));
        if (!steps.isEmpty()) report.table("steps", HeadTables.steps(steps));
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(report.json());
        else out.print(report.text());
        out.flush();
        return 0;
    }
}
