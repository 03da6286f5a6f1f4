package sparrow.bench.harness;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The peak memory of this process.
 *
 * @param bytes size in bytes
 * @param source source of this value
 */
public record PeakMemory(long bytes, String source) {
    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * Returns the peak resident memory including mapped weights on Linux, or the memory reported by the JVM on other
     * systems.
     */
    public static PeakMemory soFar() {
        OptionalLong resident = highWaterMark(STATUS);
        return resident.isPresent()
                ? new PeakMemory(resident.getAsLong(), "resident, VmHWM")
                : new PeakMemory(ofJvm(), "heap and buffers of the JVM, weights not included");
    }

    @Override
    public String toString() {
        return Figures.format("%.0f MB at most (%s)", bytes / 1e6, source);
    }

    /** Returns the VmHWM value in a Linux process status file. */
    static OptionalLong highWaterMark(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static long ofJvm() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            bytes += pool.getPeakUsage().getUsed();
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            bytes += Math.max(0, pool.getMemoryUsed());
        }
        return bytes;
    }
}
