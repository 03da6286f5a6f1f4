package sparrow.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.console.Interruption;
import sparrow.app.console.Waiting;
import sparrow.app.options.LanguageModelOptions;
import sparrow.app.options.OutputPath;
import sparrow.app.report.JsonText;
import sparrow.app.report.Machine;
import sparrow.bench.harness.BenchProgress;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.DeviceInfo;
import sparrow.formats.AtomicFile;
import sparrow.gpu.bench.DeviceBenchmark;
import sparrow.gpu.bench.DeviceFigures;
import sparrow.gpu.bench.DeviceReport;
import sparrow.gpu.bench.DeviceSettings;
import sparrow.gpu.bench.DeviceTable;
import sparrow.gpu.bench.KernelBenchmark;
import sparrow.gpu.bench.KernelReport;
import sparrow.gpu.bench.KernelSettings;
import sparrow.gpu.bench.KernelTable;
import sparrow.gpu.meter.DeviceMeter;
import sparrow.gpu.stack.GpuStack;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;

/** {@code sparrow bench-device}: measures a device, and a model on that device. */
@Command(
        name = "bench-device",
        description = "Measure a model on a device: the fastest read of the device's memory; each kind of step "
                + "after a few and after many positions, with its numbers of kernels and waits; and "
                + "prefill. With --kernels, no model is needed: measures reading and copying, the time of "
                + "a launch and a wait, and products of 1 to 4 rows with all matrices of the published "
                + "models.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow bench-device --device gpu --model glm/model.gguf",
            "  sparrow bench-device --device gpu --kernels --json"
        })
final class BenchDeviceCommand implements Callable<Integer> {
    private static final List<Integer> CONTEXTS = List.of(100, 2000);
    private static final List<Integer> PREFILLS = List.of(64, 256, 512, 1024);
    private static final long MEBI = 1 << 20;

    /** Maximum size of the measured memory, in bytes, far larger than the caches of a device. */
    private static final long MAX = 1024 * MEBI;

    /** Ratio of the device's memory to the measured memory, which leaves space for a model. */
    private static final int SHARE = 8;

    @Option(names = "--kernels", description = "Measure the device itself, without a model.")
    private boolean kernels;

    @Option(
            names = "--like",
            paramLabel = "MODEL",
            description = "With --kernels: only this model's matrices, glm-4-voice-9b or step-audio-2-mini.")
    private PublishedModel like;

    @Option(
            names = "--quant",
            paramLabel = "TYPE",
            description = "With --kernels: only this format, q8_0, q4_0, bf16 or f16.")
    private Quantisation quantisation;

    @Option(
            names = "--exit-layers",
            split = ",",
            paramLabel = "LAYER",
            description = "Layers after which steps exit early. Default: the layer of the model's deepest exit head.")
    private List<Integer> exitLayers;

    @Option(
            names = "--positions",
            split = ",",
            paramLabel = "N",
            description = "Numbers of positions before a measured step. Default: 100,2000.")
    private List<Integer> contexts;

    @Option(
            names = "--prefill",
            split = ",",
            paramLabel = "N",
            description = "Numbers of rows in a measured prefill. Default: 64,256,512,1024.")
    private List<Integer> prefills;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "52",
            description = "Number of steps of each kind. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "Number of measurements of each prefill or, with --kernels, of each value. Default: "
                    + "${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "MiB of memory to read; should exceed the device's caches. Default: 1024, or an eighth "
                    + "of the device's memory.")
    private Integer memory;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--save", paramLabel = "JSON", description = "Also write the JSON object to this file.")
    private Path save;

    @Mixin
    private LanguageModelOptions modelOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (save != null) OutputPath.expectFile("--save", save);
        DeviceInfo device = modelOptions.requireDevice("--device: expected a device to measure, such as gpu, got cpu");
        return kernels ? measureKernels(device) : measureModel(device);
    }

    private int measureKernels(DeviceInfo device) throws IOException {
        KernelSettings settings = new KernelSettings(
                like == null ? SpokenModels.published() : List.of(like),
                quantisation == null ? List.of(Quantisation.values()) : List.of(quantisation),
                rounds);
        KernelReport report;
        try (DeviceMeter meter = meter(device);
                Waiting waiting = Waiting.begin("measuring", settings.runs())) {
            report = KernelBenchmark.run(command(), device, meter, settings, BenchProgress.on(waiting));
        }
        return print(report, out -> KernelTable.print(report, out));
    }

    private int measureModel(DeviceInfo device) throws IOException {
        try (LanguageModelOptions.Measured model = modelOptions.openMeasured()) {
            LanguageModel lm = model.languageModel();
            if (!(lm.transformer().stack() instanceof GpuStack)) {
                throw new IllegalArgumentException("--device: expected a device that can run the model");
            }
            DeviceSettings settings = settings(lm);
            DeviceFigures.Ceiling ceiling;
            try (DeviceMeter meter = meter(device)) {
                ceiling = DeviceBenchmark.ceiling(meter);
            }
            DeviceFigures figures;
            try (Waiting waiting = Waiting.begin("measuring", DeviceBenchmark.runs(settings))) {
                figures = DeviceBenchmark.run(lm, settings, ceiling, BenchProgress.on(waiting));
            }
            DeviceReport report = new DeviceReport(
                    command(),
                    Machine.here(),
                    device,
                    model.name(),
                    model.file().toString(),
                    lm.layers(),
                    figures);
            return print(report, out -> DeviceTable.print(report, out));
        }
    }

    /** Returns the benchmark settings, whose default values fit the model. */
    private DeviceSettings settings(LanguageModel model) {
        DeviceSettings own = new DeviceSettings(deepest(model), CONTEXTS, PREFILLS, steps, rounds).fitting(model);
        DeviceSettings settings = new DeviceSettings(
                exitLayers == null ? own.exitLayers() : exitLayers,
                contexts == null ? own.contexts() : contexts,
                prefills == null ? own.prefills() : prefills,
                steps,
                rounds);
        settings.check(model);
        return settings;
    }

    private static List<Integer> deepest(LanguageModel model) {
        return model.heads().layers().stream()
                .filter(layer -> layer < model.layers())
                .max(Integer::compare)
                .map(List::of)
                .orElse(List.of());
    }

    private DeviceMeter meter(DeviceInfo device) {
        if (memory != null && memory < 1) {
            throw new IllegalArgumentException("--memory: expected 1 or more, got " + memory);
        }
        long bytes = memory == null ? Math.clamp(device.memoryBytes() / SHARE, 1, MAX) : memory * MEBI;
        return DeviceMeter.open(Hosts.load().open(device), bytes);
    }

    private String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    /** Prints the measurements, even if the run was stopped by Ctrl-C. An interrupt must not prevent printing. */
    private int print(Object report, Consumer<PrintWriter> table) throws IOException {
        boolean interrupted = Thread.interrupted();
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(JsonText.of(report));
        else table.accept(out);
        out.flush();
        if (save != null) AtomicFile.write(save, JsonText.of(report) + "\n");
        return interrupted ? Interruption.EXIT_CODE : 0;
    }
}
