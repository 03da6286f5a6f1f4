package sparrow.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a figure was measured.
 *
 * @param cpu the processor's name for itself, or the architecture where it cannot be read
 * @param processors that this JVM may use
 * @param system operating system and its version
 * @param java the JVM and its version
 */
public record Machine(String cpu, int processors, String system, String java) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** This machine. */
    public static Machine here() {
        return new Machine(
                cpuModel(CPUINFO).orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }

    /** The first processor's model name in Linux's description of the processors. */
    static Optional<String> cpuModel(Path cpuinfo) {
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            // Not Linux: the architecture has to do.
            return Optional.empty();
        }
    }
}
