package sparrow.tensor.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The properties of a JVM that {@link SelfCheck} checks.
 *
 * @param vmName e.g. "OpenJDK 64-Bit Server VM"; a Server VM has the C2 compiler
 * @param vmInfo e.g. "mixed mode, sharing"
 * @param flags the relevant HotSpot flags that this JVM has and reports
 * @param preferredBits width of the vectors that the JVM prefers
 * @param usedBits width of the vectors that the kernels use
 * @param machineBits width of the processor's widest vectors; empty if unknown
 */
record JvmInfo(
        String vmName,
        String vmInfo,
        Map<String, Flag> flags,
        int preferredBits,
        int usedBits,
        OptionalInt machineBits) {
    private static final String MODULE = "jdk.incubator.vector";

    private static final List<String> FLAGS = List.of(
            "UseCompiler",
            "TieredStopAtLevel",
            "CompilationMode",
            "UseJVMCICompiler",
            "EnableVectorSupport",
            "UseAVX",
            "MaxVectorSize");

    /** Availability of the Vector API's module. */
    enum VectorModule {
        LOADED,
        NOT_ADDED,
        NOT_IN_THIS_JAVA
    }

    /**
     * A HotSpot flag.
     *
     * @param given true if an option set the flag rather than the JVM itself
     */
    record Flag(String value, boolean given) {}

    /** Returns the properties of the running JVM, which must have the Vector API. */
    static JvmInfo here() {
        return new JvmInfo(
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.info", ""),
                flagsHere(),
                Lanes.PREFERRED_BITS,
                Lanes.F32.vectorBitSize(),
                CpuInfo.here().vectorBits());
    }

    /** Returns whether the Vector API is available. */
    static VectorModule vectorModule() {
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) return VectorModule.LOADED;
        boolean there = ModuleFinder.ofSystem().find(MODULE).isPresent();
        return there ? VectorModule.NOT_ADDED : VectorModule.NOT_IN_THIS_JAVA;
    }

    private static Map<String, Flag> flagsHere() {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        Map<String, Flag> flags = new HashMap<>();
        if (hotSpot == null) return flags;
        for (String name : FLAGS) {
            try {
                VMOption option = hotSpot.getVMOption(name);
                flags.put(name, new Flag(option.getValue(), isGiven(option.getOrigin())));
            } catch (IllegalArgumentException e) {
                // A flag of another processor or build, or a locked one: no option can have set it.
            }
        }
        return flags;
    }

    private static boolean isGiven(VMOption.Origin origin) {
        return switch (origin) {
            case DEFAULT, ERGONOMIC, ATTACH_ON_DEMAND, MANAGEMENT, OTHER -> false;
            case VM_CREATION, ENVIRON_VAR, CONFIG_FILE -> true;
        };
    }

    /** Returns the command-line option that set a flag; empty if none did. */
    Optional<String> given(String flag) {
        Flag found = flags.get(flag);
        if (found == null || !found.given()) return Optional.empty();
        return Optional.of(
                switch (found.value()) {
                    case "true" -> "-XX:+" + flag;
                    case "false" -> "-XX:-" + flag;
                    default -> "-XX:" + flag + "=" + found.value();
                });
    }

    /** Returns whether a flag has this value. */
    boolean has(String flag, String value) {
        return flags.containsKey(flag) && flags.get(flag).value().equals(value);
    }
}
