package sparrow.app.serve;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import picocli.CommandLine.Option;
import sparrow.app.options.Numbers;
import sparrow.engine.device.DeviceStack;
import sparrow.engine.transformer.Transformer;
import sparrow.models.pool.PoolOptions;

/** Options that limit the server's work. A picocli mixin. */
final class PoolLimitOptions {
    private static final double SHARE_OF_MEMORY = 0.25;

    @Option(
            names = "--set max-active",
            converter = Numbers.From0.class,
            paramLabel = "N",
            description = "Maximum number of replies that are decoded together. Default: as many as this machine "
                    + "can decode in real time.")
    private int maxActive;

    @Option(
            names = "--set queue",
            converter = Numbers.From0.class,
            paramLabel = "N",
            defaultValue = "32",
            description =
                    "Maximum number of waiting replies; further replies are rejected. Default: " + "${DEFAULT-VALUE}.")
    private int queue;

    @Option(
            names = "--set kv-memory",
            converter = Numbers.From1.class,
            paramLabel = "MIB",
            description =
                    "MiB of memory for keys and values. Default: a quarter of the machine's memory; on a device, four"
                            + " fifths of the memory that the weights leave free.")
    private Integer kvMebibytes;

    @Option(
            names = "--set pass-target",
            converter = Numbers.From1.class,
            paramLabel = "MS",
            defaultValue = "250",
            description = "Target duration of a pass, in milliseconds, while other replies are spoken. A longer "
                    + "pass prefills new questions faster; a shorter pass avoids pauses in those replies. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int passMillis;

    @Option(
            names = "--set vocoders",
            converter = Numbers.From1.class,
            paramLabel = "N",
            description = "Number of threads that synthesise speech. Default: 2.")
    private int vocoders = PoolOptions.DEFAULT.vocoders();

    /** Returns the limits for a pool of conversations with a model. */
    PoolOptions options(Transformer transformer) {
        return new PoolOptions(maxActive, queue, kvBytes(transformer), Duration.ofMillis(passMillis), vocoders);
    }

    private long kvBytes(Transformer transformer) {
        if (kvMebibytes != null) return (long) kvMebibytes << 20;
        if (transformer.stack() instanceof DeviceStack device) return device.contextBytes();
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? (long) (SHARE_OF_MEMORY * system.getTotalMemorySize())
                : PoolOptions.DEFAULT.kvBytes();
    }
}
