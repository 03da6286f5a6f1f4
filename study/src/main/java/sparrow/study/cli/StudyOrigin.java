package sparrow.study.cli;

import picocli.CommandLine.Model.CommandSpec;
import sparrow.app.Main;
import sparrow.app.report.Machine;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;
import sparrow.study.report.Origin;

/** Where the figures of a study come from. */
final class StudyOrigin {
    private StudyOrigin() {}

    /** This command, on this machine, with this model. */
    static Origin of(CommandSpec spec, SpokenModel model) {
        Transformer transformer = model.languageModel().transformer();
        Kernels kernels = transformer.kernels();
        return new Origin(
                "sparrow "
                        + String.join(
                                " ", spec.root().commandLine().getParseResult().originalArgs()),
                Main.version(),
                Machine.here(),
                kernels.pool().threads(),
                kernels.vectorBits(),
                transformer.stack().describe());
    }
}
