package sparrow.train.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command {@code sparrow heads}, which creates exit heads from prompts. The resulting file is used by
 * {@code ask --heads}.
 */
@Command(
        name = "heads",
        description = "Train exit heads: harvest hidden states, train heads, evaluate them.",
        mixinStandardHelpOptions = true,
        subcommands = {HeadsHarvestCommand.class, HeadsTrainCommand.class, HeadsEvaluateCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow heads harvest --prompts questions.jsonl --layers 8,10,12 --out store/",
            "  sparrow heads train store/ --layers 8,10,12 --out heads/",
            "  sparrow heads evaluate validation/ --heads heads/"
        })
final class HeadsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
