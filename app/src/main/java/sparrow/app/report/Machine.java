package sparrow.app.report;

import sparrow.tensor.kernel.CpuInfo;

/**
 * The machine on which a value was measured.
 *
 * @param cpu the name that the processor reports, or the architecture if it cannot be read
 * @param processors the number of processors available to this JVM
 * @param system the operating system and its version
 * @param java the JVM and its version
 */
public record Machine(String cpu, int processors, String system, String java) {
    /** Returns this machine. */
    public static Machine here() {
        return new Machine(
                CpuInfo.here().model().orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }
}
