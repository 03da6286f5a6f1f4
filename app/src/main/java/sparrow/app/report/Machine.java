package sparrow.app.report;

import sparrow.tensor.kernel.CpuInfo;

/**
 * The machine that a figure was measured on.
 *
 * @param cpu the processor's name for itself, or the architecture where it cannot be read
 * @param processors that this JVM may use
 * @param system operating system and its version
 * @param java the JVM and its version
 */
public record Machine(String cpu, int processors, String system, String java) {
    /** This machine. */
    public static Machine here() {
        return new Machine(
                CpuInfo.here().model().orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }
}
