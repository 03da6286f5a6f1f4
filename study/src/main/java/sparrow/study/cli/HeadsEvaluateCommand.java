package sparrow.study.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.ModelOptions;
import sparrow.study.heads.HarvestStore;
import sparrow.study.heads.HeadAgreement;
import sparrow.study.heads.HeadEvaluation;

/** {@code sparrow heads evaluate}: heads against the last layer. */
@Command(
        name = "evaluate",
        description = "Compare heads with the last layer at every position of a store: agreement of the greedy choices,"
                + " cross-entropy and Kullback-Leibler divergence from the last layer's distribution, and the head's own"
                + " entropy, in nats.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow heads evaluate validation/                    (the model's own heads)",
            "  sparrow heads evaluate validation/ --heads heads/ --json"
        })
final class HeadsEvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "STORE", description = "What sparrow heads harvest made.")
    private Path store;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions modelOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SortedMap<Integer, HeadAgreement> figures;
        try (ModelOptions.Opened opened = modelOptions.open();
                HarvestStore harvested = HarvestStore.open(store)) {
            figures = new HeadEvaluation(opened.model(), harvested).figures();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(HeadsJson.of(store, figures).toPrettyString());
        } else {
            out.println(HeadsTable.layerHeader());
            figures.forEach((layer, comparison) -> out.println(HeadsTable.layer(layer, comparison)));
        }
        out.flush();
        return 0;
    }
}
