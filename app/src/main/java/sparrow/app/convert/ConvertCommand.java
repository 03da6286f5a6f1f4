package sparrow.app.convert;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.options.OutputPath;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.SpokenModels;
import sparrow.models.convert.AudioConversion;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;

/** The command {@code sparrow convert}, which writes a model folder with a quantised language model. */
@Command(
        name = "convert",
        description = "Convert a model to quantised matrices in llama.cpp's GGUF format.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow convert glm-4-voice/ --quant q4_0 --out glm-4-voice-q4/",
            "  sparrow convert --quant q8_0 --out tiny-q8/    # the bundled model",
            "  sparrow convert glm-4-voice/ --quant q4_0 --audio-quant f16 --out glm-small/"
        })
public final class ConvertCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Checkpoint folder. Default: the bundled model.")
    private Path folder;

    @Option(
            names = "--quant",
            required = true,
            paramLabel = "TYPE",
            description = "Matrix format: q8_0, q4_0, bf16 or f16.")
    private Quantisation quantisation;

    @Option(
            names = "--audio-quant",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description = "Matrix format of the audio parts: f32 (unchanged), f16, bf16 or q8_0. Default: f32.")
    private AudioQuantisation audioQuantisation;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "New or empty folder.")
    private Path out;

    @Option(
            names = "--heads",
            paramLabel = "PATH",
            description = "Exit heads and draft head: a file, or a folder with both. Default: the model's heads/ "
                    + "folder.")
    private Path heads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFolder("--out", out);
        PrintWriter err = spec.commandLine().getErr();
        List<TensorDescription> unquantised;
        try (WritingProgress progress = new WritingProgress()) {
            unquantised = SpokenModels.convert(
                    folder == null ? SpokenModels.bundledFolder() : folder,
                    Optional.ofNullable(heads),
                    new Quantisations(quantisation, audioQuantisation),
                    out,
                    progress);
        }
        if (!unquantised.isEmpty()) err.println("sparrow: " + keptInF16(unquantised));
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.printf(
                Locale.ROOT, "%s: %s, %,d bytes of language model", out, quantisation.label(), size(out, false));
        if (audioQuantisation.matrices().isPresent()) {
            terminal.printf(Locale.ROOT, "; %s, %,d bytes of audio parts", audioQuantisation.label(), size(out, true));
        }
        terminal.println();
        terminal.flush();
        return 0;
    }

    private static String keptInF16(List<TensorDescription> unquantised) {
        TensorDescription first = unquantised.getFirst();
        return "kept in f16, because columns are not a multiple of 32: " + first.name() + " ("
                + first.shape().getLast() + " columns)"
                + (unquantised.size() == 1 ? "" : " and " + (unquantised.size() - 1) + " more");
    }

    /** Returns the total size in bytes of either the audio files or the language model's files. */
    private static long size(Path folder, boolean audio) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder, 2)) {
            files = all.filter(file -> file.toString().endsWith(".gguf")).toList();
        }
        long bytes = 0;
        for (Path file : files) {
            boolean counts = audio || file.endsWith("model.gguf"); // exit heads belong to neither group
            if (counts && AudioConversion.isAudioPart(file) == audio) bytes += Files.size(file);
        }
        return bytes;
    }
}
