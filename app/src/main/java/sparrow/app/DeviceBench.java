package sparrow.app;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import sparrow.app.bench.BenchReport;
import sparrow.app.bench.BenchSettings;
import sparrow.app.bench.DeviceBenchmark;
import sparrow.app.bench.DeviceFigures;
import sparrow.app.bench.DeviceSettings;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.transformer.DeviceFacts;

/** What {@code sparrow bench} measures where a device computes; a picocli mixin. */
final class DeviceBench {
    private static final List<Integer> CONTEXTS = List.of(100, 2000);
    private static final List<Integer> PREFILLS = List.of(64, 256, 512, 1024);
    private static final long MEBI = 1 << 20;

    /** Far more than the caches of a device. */
    private static final long MOST = 1024 * MEBI;

    /** Of a device's memory, for what is measured beside a model. */
    private static final int SHARE = 8;

    @Option(
            names = "--behind",
            split = ",",
            paramLabel = "N",
            description = "On a device: positions behind which every kind of step is measured. Default: 100,2000.")
    private List<Integer> contexts;

    @Option(
            names = "--prefill",
            split = ",",
            paramLabel = "N",
            description = "On a device: rows of prefills that are measured. Default: 64,256,512,1024.")
    private List<Integer> prefills;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description =
                    "On a device: memory over which it is measured how fast it reads, in units of 2^20 bytes; more"
                            + " than its caches. Default: 1024, or an eighth of the device's.")
    private Integer memory;

    /** @throws IllegalArgumentException in one line if something of this is asked for and no device computes */
    void check(Optional<DeviceFacts> device) {
        if (device.isPresent()) return;
        refuse("--behind", contexts);
        refuse("--prefill", prefills);
        refuse("--memory", memory);
    }

    private static void refuse(String option, Object value) {
        if (value != null)
            throw new IllegalArgumentException(option + ": expected where a device computes, by --device");
    }

    /** Bytes over which a device is measured. */
    long bytes(DeviceFacts device) {
        if (memory == null) return Math.max(1, Math.min(MOST, device.memoryBytes() / SHARE));
        if (memory < 1) throw new IllegalArgumentException("--memory: expected 1 or more, got " + memory);
        return memory * MEBI;
    }

    /** What is measured of a model; what nobody asked for is left out where it does not fit. */
    DeviceSettings settings(LanguageModel model, DeviceFacts device, BenchSettings others) {
        DeviceSettings own =
                new DeviceSettings(CONTEXTS, PREFILLS, others.tokens(), others.rounds(), bytes(device)).fitting(model);
        DeviceSettings settings = new DeviceSettings(
                contexts == null ? own.contexts() : contexts,
                prefills == null ? own.prefills() : prefills,
                others.tokens(),
                others.rounds(),
                own.meterBytes());
        settings.check(model);
        return settings;
    }

    /** Adds to a report what only a device has. */
    static BenchReport with(
            BenchReport report,
            LanguageModel model,
            BenchSettings others,
            DeviceSettings settings,
            Optional<DeviceFigures.Ceiling> ceiling) {
        try (Waiting waiting = Waiting.begin("measuring the device", DeviceBenchmark.runs(settings))) {
            return report.with(DeviceBenchmark.run(model, others, settings, ceiling, BenchCommand.progress(waiting)));
        }
    }
}
