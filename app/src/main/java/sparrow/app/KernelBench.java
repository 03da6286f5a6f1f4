package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.kernelbench.KernelBenchmark;
import sparrow.app.kernelbench.KernelReport;
import sparrow.app.kernelbench.KernelSettings;
import sparrow.app.kernelbench.KernelTable;
import sparrow.app.report.JsonText;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.DeviceMeter;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.Quantisation;

/** The part of {@code sparrow bench} that measures a device without a model; a picocli mixin. */
final class KernelBench {
    /** Options of the other parts, which would be passed over. */
    private static final List<String> OTHERS = List.of(
            "--model",
            "--voice",
            "--questions",
            "--speech",
            "--products",
            "--sessions",
            "--context",
            "--policies",
            "--policy",
            "--speech-logits",
            "--skipped-kv",
            "--verify",
            "--prompt",
            "--tokens",
            "--warm-up",
            "--layers",
            "--behind",
            "--prefill",
            "--plot");

    private static final int TIMES = 9;

    @Option(
            names = "--kernels",
            description = "Measure the device itself: how fast it reads and copies, what a launch and a wait cost, and"
                    + " products of 1 to 4 rows with every matrix of the published models, or of --like and --quant"
                    + " alone.")
    private boolean asked;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Whether this part is asked for. */
    boolean isAsked() {
        return asked;
    }

    /** @throws IllegalArgumentException in one line if an option of another part is given */
    void check() {
        BenchCommand.refuse(spec, "--kernels", OTHERS);
    }

    /** Measures and prints; the exit code. */
    int run(
            LanguageModelOptions options,
            LikeBench like,
            DeviceBench device,
            Integer rounds,
            String command,
            boolean json,
            Optional<Path> save)
            throws IOException {
        DeviceChoice.Found found =
                options.requireDevice("--kernels: expected a device to measure, such as --device gpu, got cpu");
        KernelSettings settings = new KernelSettings(
                like.model() == null ? SpokenModels.published() : List.of(like.model()),
                like.quantisation() == null ? List.of(Quantisation.values()) : List.of(like.quantisation()),
                rounds == null ? TIMES : rounds,
                device.bytes(found.device()));
        KernelReport report;
        try (DeviceMeter meter = found.meter(settings.bytes())
                        .orElseThrow(() -> new IllegalArgumentException("--kernels: nobody can measure "
                                + found.device().id()));
                Waiting waiting = Waiting.begin("measuring", settings.runs())) {
            report = KernelBenchmark.run(command, found.device(), meter, settings, BenchCommand.progress(waiting));
        }
        boolean interrupted = Thread.interrupted();
        PrintWriter out = spec.commandLine().getOut();
        if (json) out.println(JsonText.of(report));
        else KernelTable.print(report, out);
        out.flush();
        if (save.isPresent()) BenchCommand.save(save.get(), report);
        return interrupted ? Main.INTERRUPTED : 0;
    }
}
