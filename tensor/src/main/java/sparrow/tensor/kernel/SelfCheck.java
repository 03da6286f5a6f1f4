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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks at startup whether this JVM runs the vector kernels at full speed. If it does not, computations are correct,
 * but tens to hundreds of times slower, and nothing else indicates the cause. The check reads the JVM's properties
 * instead of measuring, so it takes milliseconds and does not depend on the machine's load.
 */
public final class SelfCheck {
    private SelfCheck() {}

    /**
     * Returns one line with the reason why the vector kernels are slow in this JVM and the remedy, or empty if they are
     * not slow. If the kernels cannot run at all, {@link Kernels#create} reports it.
     */
    public static Optional<String> slow() {
        // The reference kernels are selected. Their speed is irrelevant.
        if (System.getProperty("sparrow.kernels", "").equals("scalar")) return Optional.empty();
        if (Jvm.vectorModule() != Jvm.VectorModule.LOADED) return Optional.empty();
        return slow(Jvm.here());
    }

    /** Returns only the most serious problem, so that one remedy is proposed at a time. */
    static Optional<String> slow(Jvm jvm) {
        return Stream.of(notCompiled(jvm), notIntrinsified(jvm), width(jvm))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Returns the reason why the vector kernels cannot run, or empty if they can run.
     *
     * @param version Java version
     */
    static Optional<String> missing(Jvm.VectorModule module, String version) {
        return switch (module) {
            case LOADED -> Optional.empty();
            case NOT_ADDED ->
                Optional.of("the Vector API is missing: start java with --add-modules jdk.incubator.vector, or select"
                        + " the slow reference kernels with -Dsparrow.kernels=scalar");
            case NOT_IN_THIS_JAVA ->
                Optional.of("the Vector API is missing in this Java (" + version + "): use a full JDK 25, which has the"
                        + " module jdk.incubator.vector, or select the slow reference kernels with"
                        + " -Dsparrow.kernels=scalar");
        };
    }

    private static Optional<String> notCompiled(Jvm jvm) {
        boolean interpreting = jvm.vmInfo().contains("interpreted") || jvm.has("UseCompiler", "false");
        if (!interpreting) return Optional.empty();
        return Optional.of("this JVM interprets all code, which is hundreds of times slower: start java without "
                + jvm.given("UseCompiler").orElse("-Xint"));
    }

    private static Optional<String> notIntrinsified(Jvm jvm) {
        if (!jvm.vmName().contains("Server VM")) {
            return Optional.of("this JVM (" + jvm.vmName() + ") has no C2 compiler, which compiles vector"
                    + " operations to vector instructions; without it they are many times slower: use a JDK 25 with"
                    + " the HotSpot Server VM");
        }
        boolean onlyC1 = jvm.vmInfo().contains("emulated-client");
        if (onlyC1 || jvm.has("EnableVectorSupport", "false")) {
            String option = options(jvm, "TieredStopAtLevel", "CompilationMode", "EnableVectorSupport");
            return Optional.of(
                    "vector operations are not compiled to vector instructions and are many times slower: start"
                            + " java without " + (option.isEmpty() ? "options that stop the C2 compiler" : option));
        }
        if (jvm.has("UseJVMCICompiler", "true")) {
            return Optional.of("this JVM compiles with a JVMCI compiler instead of C2, for which the kernels were"
                    + " written; if they are slow, start java with -XX:-UseJVMCICompiler");
        }
        return Optional.empty();
    }

    private static Optional<String> width(Jvm jvm) {
        if (jvm.usedBits() > jvm.preferredBits()) {
            return Optional.of("vectors of " + jvm.usedBits() + " bits were requested, but this JVM has "
                    + jvm.preferredBits() + " and emulates wider ones many times slower: omit --set vector-bits="
                    + jvm.usedBits() + " or -Dsparrow.vectorBits=" + jvm.usedBits());
        }
        // The JVM prefers narrower vectors on processors on which they are faster, so only explicit options are
        // reported.
        String option = options(jvm, "UseAVX", "MaxVectorSize");
        if (option.isEmpty() || jvm.preferredBits() >= jvm.machineBits().orElse(0)) return Optional.empty();
        return Optional.of("this JVM uses vectors of " + jvm.preferredBits() + " bits on a processor with "
                + jvm.machineBits().getAsInt() + ": start java without " + option);
    }

    private static String options(Jvm jvm, String... flags) {
        return Stream.of(flags).map(jvm::given).flatMap(Optional::stream).collect(Collectors.joining(" and "));
    }

    /**
     * The checked properties of a JVM.
     *
     * @param vmName name of the VM, such as "OpenJDK 64-Bit Server VM"; a Server VM has the C2 compiler
     * @param vmInfo information about the VM, such as "mixed mode, sharing"
     * @param flags relevant HotSpot flags that this JVM has and reports
     * @param preferredBits vector width that the JVM prefers, in bits
     * @param usedBits vector width that the kernels use, in bits
     * @param machineBits width of the processor's widest vectors in bits, or empty if it is unknown
     */
    record Jvm(
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
         * @param given whether the flag was set by an option instead of the JVM itself
         */
        record Flag(String value, boolean given) {}

        /** Returns the properties of the running JVM, which must have the Vector API. */
        static Jvm here() {
            return new Jvm(
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.vm.info", ""),
                    flagsHere(),
                    Lanes.PREFERRED_BITS,
                    Lanes.F32.vectorBitSize(),
                    CpuInfo.here().vectorBits());
        }

        /** Returns the availability of the Vector API. */
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
                    // The flag belongs to a different processor or build, or is locked, so it cannot have been set by
                    // an option.
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

        /** Returns the command-line option that set a flag, or empty if no option set it. */
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

        /** Returns whether a flag has a value. */
        boolean has(String flag, String value) {
            return flags.containsKey(flag) && flags.get(flag).value().equals(value);
        }
    }
}
