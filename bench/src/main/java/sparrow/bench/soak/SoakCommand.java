package sparrow.bench.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.console.Interruption;
import sparrow.app.options.OutputPath;
import sparrow.bench.harness.BenchReport;
import sparrow.bench.load.Recording;
import sparrow.formats.AtomicFile;
import sparrow.models.SpokenModels;
import sparrow.speech.wave.WavFile;

/** {@code sparrow bench soak}: runs a server with talkers and faults for hours. */
@Command(
        name = "soak",
        description = "Run a server with the bundled model and talkers for hours, inject faults, and test "
                + "whether the server's memory grows. Writes soak.csv (a row every 10 s), faults.csv, "
                + "soak.png and the server's logs.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/soak --hours 2 --out soak/ --talkers 6",
            "  scripts/soak --hours 12 --out soak/",
            "  scripts/soak --hours 0.2 --out soak/ --faults restart=0,cut=10",
            "",
            "Linux only. The exit code is 1 if memory has grown or the server failed."
        })
public final class SoakCommand implements Callable<Integer> {
    @Option(
            names = "--hours",
            paramLabel = "H",
            defaultValue = "2",
            description = "Duration of the run in hours. Default: ${DEFAULT-VALUE}.")
    private double hours;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "New or empty folder.")
    private Path out;

    @Option(
            names = "--talkers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of concurrent talkers. Default: ${DEFAULT-VALUE}.")
    private int talkers;

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "FAULT=R",
            description = "Average number of faults per minute: cut and wrong-key (2), stalled-reader, "
                    + "slow-headers, slow-body and huge-frames (0.5), full-disk, vocoder and restart (0.2). "
                    + "Restarts occur only in the first quarter.")
    private Map<String, Double> rates = Map.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed for questions and faults. Default: a new seed, which is printed.")
    private Long seed;

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            defaultValue = "./sparrow",
            description = "Script that starts the server. Default: ${DEFAULT-VALUE}.")
    private Path launcher;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SoakRun.Settings settings = settings();
        List<Recording> questions = new ArrayList<>();
        for (SpokenModels.SampleQuestion sample : SpokenModels.bundledQuestions()) {
            questions.add(Recording.of(WavFile.read(sample.recording(), Path.of(sample.text()))));
        }
        // Fail now if this JVM cannot draw, and load the drawing library, which is impossible after Ctrl-C.
        new SoakReport(new SoakRun.Outcome(List.of(), Map.of(), Map.of(), List.of())).png();
        PrintWriter err = spec.commandLine().getErr();
        SoakRun.Outcome outcome;
        Files.createDirectories(out);
        try (SmallDisk disk = SmallDisk.make(out.resolve("disk"))) {
            if (!disk.isSmall() && settings.perMinute().remove(Fault.FULL_DISK) != null) {
                err.println("sparrow: full-disk is skipped, because only root can mount a small disk");
            }
            err.println("sparrow: seed " + settings.seed());
            String key = "soak-" + Long.toHexString(new SplittableRandom().nextLong());
            try (SoakServer server = new SoakServer(launcher.toAbsolutePath(), disk.folder(), out, key)) {
                server.start();
                outcome = SoakRun.run(server, settings, questions, out);
            } catch (InterruptedException e) {
                return Interruption.EXIT_CODE;
            }
        }
        // Measurements are written even after Ctrl-C. The interrupt status is cleared because it would prevent writing.
        boolean interrupted = Thread.interrupted();
        SoakReport soak = new SoakReport(outcome);
        BenchReport report = new BenchReport(command(), 1);
        report.line("soak", settings.talkers() + " talkers, seed " + settings.seed());
        soak.report(report);
        if (interrupted) report.line("interrupted: only earlier measurements are included");
        PrintWriter text = spec.commandLine().getOut();
        report.print(text);
        text.flush();
        AtomicFile.write(out.resolve("soak.png"), soak.png());
        if (interrupted) return Interruption.EXIT_CODE;
        return soak.isPassed() ? 0 : 1;
    }

    private SoakRun.Settings settings() throws IOException {
        if (!(hours > 0 && hours <= 1000)) {
            throw new IllegalArgumentException("--hours: expected above 0 and up to 1000, got " + hours);
        }
        if (talkers < 1 || talkers > 1024) {
            throw new IllegalArgumentException("--talkers: expected 1 to 1024, got " + talkers);
        }
        if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
            throw new IllegalArgumentException("soak: expected Linux, which describes processes in /proc");
        }
        if (!Files.isExecutable(launcher)) {
            throw new IllegalArgumentException("--launcher: expected a program, got " + launcher);
        }
        OutputPath.expectFolder("--out", out);
        if (Files.exists(out.resolve("soak.csv"))) {
            throw new IllegalArgumentException("--out: expected a new or empty folder, " + out + " has a soak.csv");
        }
        Map<Fault, Double> perMinute = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) perMinute.put(fault, fault.perMinute());
        rates.forEach((name, rate) -> perMinute.put(fault(name), rate(name, rate)));
        return new SoakRun.Settings(
                Duration.ofSeconds(Math.round(3600 * hours)),
                talkers,
                seed == null ? new SplittableRandom().nextInt(1_000_000_000) : seed,
                perMinute);
    }

    private static Fault fault(String name) {
        for (Fault fault : Fault.values()) {
            if (fault.toString().equals(name)) return fault;
        }
        throw new IllegalArgumentException("--faults: expected one of " + List.of(Fault.values()) + ", got " + name);
    }

    private static double rate(String name, double rate) {
        if (rate >= 0 && rate <= 60) return rate;
        throw new IllegalArgumentException("--faults: expected " + name + " 0 to 60 times a minute, got " + rate);
    }

    private String command() {
        return "sparrow "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    /** A folder, which is the mount point of a small in-memory file system if the user is root. */
    private record SmallDisk(Path folder, boolean isSmall) implements AutoCloseable {
        /** Size of the file system; the unpacked bundled model is 115 MB. */
        private static final String SIZE = "size=192m";

        static SmallDisk make(Path folder) throws IOException {
            Files.createDirectories(folder);
            return new SmallDisk(folder, run("mount", "-t", "tmpfs", "-o", SIZE, "sparrow-soak", folder.toString()));
        }

        private static boolean run(String... command) throws IOException {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            // Unmounting also deletes the reply log.
            boolean interrupted = Thread.interrupted();
            if (isSmall) run("umount", folder.toString());
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
