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
 * The properties by which {@link SelfCheck} judges a JVM.
 *
 * @param vmName e.g. "OpenJDK 64-Bit Server VM": Server is the build with the C2 compiler
 * @param vmInfo e.g. "mixed mode, sharing"
 * @param flags the HotSpot flags that matter, as far as this JVM has and shows them
 * @param preferredBits the vectors that the JVM prefers
 * @param usedBits the vectors that the kernels use
 * @param machineBits the widest vectors of the processor; empty where it does not say
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

    /** The place of the module of the Vector API. */
    enum VectorModule {
        LOADED,
        NOT_ADDED,
        NOT_IN_THIS_JAVA
    }

    /**
     * A HotSpot flag.
     *
     * @param given true if an option set it, rather than the JVM itself
     */
    record Flag(String value, boolean given) {}

    /** Those of the JVM that this runs in, which has the Vector API. */
    static JvmInfo here() {
        return new JvmInfo(
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.info", ""),
                flagsHere(),
                Lanes.PREFERRED_BITS,
                Lanes.F32.vectorBitSize(),
                CpuInfo.here().vectorBits());
    }

    /** The place of the Vector API. */
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
                // Another processor, another build, or a locked flag: it cannot have been set.
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

    /** The option that set a flag, as it stands on a command line; empty if none did. */
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

    /** True if a flag has this value. */
    boolean has(String flag, String value) {
        return flags.containsKey(flag) && flags.get(flag).value().equals(value);
    }
}
