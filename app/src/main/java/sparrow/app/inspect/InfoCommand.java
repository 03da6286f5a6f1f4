package sparrow.app.inspect;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.options.MatrixChoice;
import sparrow.app.options.ModelOptions;
import sparrow.app.report.JsonText;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.DeviceProvider;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.SpokenModel;

/** The command {@code sparrow info}, which describes a checkpoint. */
@Command(
        name = "info",
        description = "Describe a model, or list this machine's devices.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  sparrow info", "  sparrow info glm-4-voice/ --json", "  sparrow info --devices"})
public final class InfoCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Checkpoint folder. Default: the bundled model.")
    private Path folder;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--worker-memory",
            description = "Print the Spark setting for a worker's memory outside the heap (an estimate).")
    private boolean workerMemory;

    @Option(names = "--devices", description = "List graphics cards and other devices without opening a model.")
    private boolean devices;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions(MatrixChoice.AUTO);

    @Spec
    private CommandSpec spec;

    private record Info(
            String name,
            String folder,
            String weights,
            TransformerConfig transformer,
            long parameters,
            long layerParameters,
            long bytesPerToken,
            long bytesPerLayer,
            long outputMatrixBytes,
            Ids ids,
            String interleave,
            SortedSet<Integer> exitHeads,
            String defaultExit,
            String speechEncoder,
            String speechDecoder,
            String heads,
            String draftHead,
            String arithmetic,
            String device,
            String matrix) {}

    private record Ids(
            int text, int speechFirst, int speechLast, int speechPadding, int padding, SortedSet<Integer> end) {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (devices) {
            listDevices(out);
            return 0;
        }
        try (ModelOptions.Opened opened =
                folder == null ? modelOptions.open() : modelOptions.open(Optional.of(folder))) {
            if (workerMemory) {
                out.println(WorkerMemory.of(opened.model()));
            } else {
                Info info = info(opened.model(), modelOptions.multiplier());
                if (json) out.println(JsonText.of(info));
                else print(info, out);
            }
        }
        out.flush();
        return 0;
    }

    private void listDevices(PrintWriter out) {
        if (folder != null || workerMemory) {
            throw new ParameterException(
                    spec.commandLine(), "--devices: expected neither MODEL nor --worker-memory with it");
        }
        DeviceList list = DeviceList.of(DeviceProvider.find());
        if (json) out.println(JsonText.of(list));
        else list.print(out);
        out.flush();
    }

    private static Info info(SpokenModel model, String multiplier) {
        LanguageModel lm = model.languageModel();
        Transformer transformer = lm.transformer();
        TransformerConfig config = transformer.config();
        TokenSpace tokens = lm.tokens();
        long layers = 0;
        for (int layer = 1; layer <= config.layers(); layer++) layers += transformer.layerBytes(layer);
        long output = transformer.output().bytes();
        long inLayers =
                transformer.layers().stream().mapToLong(Layer::parameters).sum();
        return new Info(
                model.name(),
                model.folder().toString(),
                model.weightFormat(),
                config,
                transformer.parameters(),
                inLayers / config.layers(),
                layers + output,
                layers / config.layers(),
                output,
                new Ids(
                        tokens.textTokens(),
                        tokens.speechOffset(),
                        tokens.speechOffset() + tokens.codes() - 1,
                        tokens.speechTokens() - tokens.codes(),
                        config.vocabulary() - tokens.usable(),
                        new TreeSet<>(tokens.endTokens())),
                lm.interleave().toString(),
                lm.exitLayers(),
                model.defaultPlan().toString(),
                model.files().speechEncoder().map(Path::toString).orElse(null),
                model.files().speechDecoder().map(Path::toString).orElse(null),
                model.files().heads().map(Path::toString).orElse(null),
                model.files().draftHead().map(Path::toString).orElse(null),
                model.numerics(),
                transformer.stack().describe(),
                multiplier);
    }

    private static void print(Info info, PrintWriter out) {
        TransformerConfig c = info.transformer();
        List<String[]> lines = List.of(
                new String[] {"model", info.name() + "  (" + info.folder() + ")"},
                new String[] {
                    "layers",
                    c.layers() + " of width " + c.width() + "; " + c.heads() + " heads of " + c.headWidth() + ", "
                            + c.kvHeads() + " for keys and values; ffn " + c.ffnWidth()
                },
                new String[] {
                    "positions",
                    c.contextLength() + "; rotary on " + 2 * c.rope().pairs() + " of " + c.headWidth()
                            + " channels, base " + number(c.rope().base())
                },
                new String[] {"weights", info.weights()},
                new String[] {
                    "parameters",
                    number(info.parameters()) + " in the language model, " + number(info.layerParameters()) + " a layer"
                },
                new String[] {
                    "bytes",
                    number(info.bytesPerToken()) + " read per token at full depth: " + number(info.bytesPerLayer())
                            + " a layer, " + number(info.outputMatrixBytes()) + " the output matrix"
                },
                new String[] {"ids", ids(info.ids())},
                new String[] {"interleave", info.interleave() + " (text:speech tokens per cycle)"},
                new String[] {
                    "exit heads",
                    info.exitHeads().isEmpty() ? "none" : "layers " + info.exitHeads() + "  (" + info.heads() + ")"
                },
                new String[] {"draft head", info.draftHead() == null ? "none" : info.draftHead()},
                new String[] {"exits", info.defaultExit() + " by default"},
                new String[] {"hears with", found(info.speechEncoder())},
                new String[] {"speaks with", found(info.speechDecoder())},
                new String[] {"arithmetic", info.arithmetic()},
                new String[] {"device", info.device()},
                new String[] {"matrix", info.matrix()});
        for (String[] line : lines) out.printf(Locale.ROOT, "%-12s%s%n", line[0], line[1]);
    }

    private static String ids(Ids ids) {
        if (ids.speechLast() < ids.speechFirst()) {
            return "text 0.." + (ids.text() - 1) + ", speech in frames, unused " + ids.padding() + ", end " + ids.end();
        }
        String padding = ids.speechPadding() == 0 ? "" : ", then " + ids.speechPadding() + " of speech padding";
        return "text 0.." + (ids.text() - 1) + ", speech " + ids.speechFirst() + ".." + ids.speechLast() + padding
                + ", unused " + ids.padding() + ", end " + ids.end();
    }

    private static String found(String folder) {
        return folder == null ? "missing" : folder;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
