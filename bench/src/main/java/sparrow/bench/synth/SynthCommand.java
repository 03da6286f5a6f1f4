package sparrow.bench.synth;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.convert.WritingProgress;
import sparrow.app.options.OutputPath;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;

/**
 * {@code sparrow synth}: writes a model with random weights and the sizes of a published model, for measuring speed and
 * memory. Equal seeds produce equal files. The folder is created atomically.
 */
@Command(
        name = "synth",
        description = "Write a model with random weights and the sizes of a published model.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow synth --like lfm2.5-audio-1.5b --quant q4_0 --whole --out lfm/",
            "  sparrow synth --like step-audio-2-mini --quant q4_0 --out step-q4/",
            "  sparrow synth --like glm-4-voice-9b --quant q8_0 --layers 8 --out glm-8-layers/"
        })
public final class SynthCommand implements Callable<Integer> {
    @Option(
            names = "--like",
            required = true,
            paramLabel = "MODEL",
            description = "Published model: lfm3-audio-2b or lfm2.5-audio-1.5b (only with --whole), glm-4-voice-9b or"
                    + " step-audio-2-mini.")
    private PublishedModel model;

    @Option(
            names = "--quant",
            required = true,
            paramLabel = "TYPE",
            description = "Matrix format: q8_0, q4_0, bf16 or f16.")
    private Quantisation quantisation;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "New or empty folder.")
    private Path out;

    @Option(
            names = "--whole",
            description = "Write a complete model folder, with a vocabulary of made-up tokens, instead of only the"
                    + " language model.")
    private boolean whole;

    @Option(names = "--layers", paramLabel = "N", description = "Number of layers in the language model. Default: all.")
    private Integer layers;

    @Option(
            names = "--exit-layers",
            split = ",",
            paramLabel = "LAYER",
            description =
                    "Layers with an exit head; not with --whole. Default: the layers in the paper's " + "schedules.")
    private List<Integer> exitLayers;

    @Option(names = "--draft-head", description = "Add a draft head; not with --whole.")
    private boolean draftHead;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed for the weights; the same seed produces the same files. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFolder("--out", out);
        if (whole && (exitLayers != null || draftHead)) {
            throw new IllegalArgumentException(
                    (draftHead ? "--draft-head" : "--exit-layers") + ": expected without --whole");
        }
        if (!whole && model.architecture().convolves()) {
            throw new IllegalArgumentException("--like " + model.name() + ": expected with --whole");
        }
        int count = layers == null ? model.config().layers() : layers;
        try (WritingProgress progress = new WritingProgress()) {
            if (whole) writeFolder(count, progress);
            else RandomLanguageModel.write(withHeads(), count, quantisation, seed, out, progress);
        }
        PrintWriter terminal = spec.commandLine().getOut();
        Path file = whole ? out : out.resolve("model.gguf");
        terminal.printf(
                Locale.ROOT,
                "%s: random weights, %d layers of the size of %s, %s, %,d bytes%n"
                        + "for speed and memory only: its output is meaningless%n",
                file,
                count,
                model.name(),
                quantisation.label(),
                bytes(file));
        terminal.flush();
        return 0;
    }

    private void writeFolder(int count, WritingProgress progress) throws IOException {
        switch (model.architecture()) {
            case CHATGLM ->
                RandomGlm4Voice.write(RandomGlm4Voice.Sizes.published(model), count, quantisation, seed, out, progress);
            case QWEN2 ->
                RandomStepAudio.write(RandomStepAudio.Sizes.published(model), count, quantisation, seed, out, progress);
            case LFM2 -> RandomLfm2.write(RandomLfm2.Sizes.published(model), count, quantisation, seed, out, progress);
            case LFM3 -> RandomLfm3.write(RandomLfm3.Sizes.published(model), count, quantisation, seed, out, progress);
        }
    }

    private PublishedModel withHeads() {
        PublishedModel own = exitLayers == null ? model : model.withExitLayers(exitLayers);
        return draftHead ? own.withDraftHead() : own;
    }

    private static long bytes(Path file) throws IOException {
        try (Stream<Path> files = Files.walk(file)) {
            long bytes = 0;
            for (Path each : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) bytes += Files.size(each);
            return bytes;
        }
    }
}
