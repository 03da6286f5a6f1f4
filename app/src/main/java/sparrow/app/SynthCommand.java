package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.RandomModel;

/** {@code sparrow synth}: a language model of random weights, as large as a published one. */
@Command(
        name = "synth",
        description = "Write a language model of random weights that is as large as a published one, with exit heads:"
                + " for speed and memory only, since what it decodes means nothing. DIR/model.gguf is a file that"
                + " llama.cpp loads.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow synth --like step-audio-2-mini --quant q4_0 --out step-q4/",
            "  sparrow synth --like glm-4-voice-9b --quant q8_0 --layers 8 --out glm-8-layers/"
        })
final class SynthCommand implements Callable<Integer> {
    @Option(
            names = "--like",
            required = true,
            paramLabel = "MODEL",
            description = "The model whose sizes to take: glm-4-voice-9b or step-audio-2-mini.")
    private PublishedModel model;

    @Option(
            names = "--quant",
            required = true,
            paramLabel = "TYPE",
            description = "Format of the matrices: q8_0, q4_0, bf16 or f16.")
    private Quantisation quantisation;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "New or empty folder.")
    private Path out;

    @Option(names = "--layers", paramLabel = "N", description = "Fewer layers, for a quick look. Default: all.")
    private Integer layers;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed gives the same files. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFolder("--out", out);
        int count = layers == null ? model.config().layers() : layers;
        try (WritingProgress progress = new WritingProgress()) {
            RandomModel.write(model, count, quantisation, seed, out, progress);
        }
        PrintWriter terminal = spec.commandLine().getOut();
        Path file = out.resolve("model.gguf");
        terminal.printf(
                Locale.ROOT,
                "%s: random weights, %d layers of the size of %s, %s, %,d bytes%n"
                        + "for speed and memory only: what it decodes means nothing%n",
                file,
                count,
                model.name(),
                quantisation.label(),
                Files.size(file));
        terminal.flush();
        return 0;
    }
}
