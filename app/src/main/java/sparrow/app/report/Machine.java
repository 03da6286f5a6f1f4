package sparrow.app.report;

import sparrow.tensor.kernel.CpuInfo;

/**
 * The machine on which a figure was measured.
 *
 * @param cpu name that the processor reports, or the architecture if it cannot be read
 * @param processors number of processors available to this JVM
 * @param system operating system and version
 * @param java JVM and version
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
