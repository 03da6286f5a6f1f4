package sparrow.tensor.kernel;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks at startup whether this JVM runs the vector kernels at full speed. Otherwise everything still works, but tens
 * to hundreds of times slower, and without another hint at the cause. The check reads the JVM's properties instead of
 * measuring, so it takes milliseconds and does not depend on the machine's load.
 */
public final class SelfCheck {
    private SelfCheck() {}

    /**
     * Returns the reason why the vector kernels are slow in this JVM, and the remedy, in one line; empty if they are
     * not slow. If they cannot run at all, {@link Kernels#create} reports it.
     */
    public static Optional<String> slow() {
        // The reference kernels were selected; their speed does not matter.
        if (System.getProperty("sparrow.kernels", "").equals("scalar")) return Optional.empty();
        if (JvmInfo.vectorModule() != JvmInfo.VectorModule.LOADED) return Optional.empty();
        return slow(JvmInfo.here());
    }

    /** Returns the most serious problem only: one remedy at a time. */
    static Optional<String> slow(JvmInfo jvm) {
        return Stream.of(notCompiled(jvm), notIntrinsified(jvm), width(jvm))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Returns the reason why the vector kernels cannot run; empty if they can.
     *
     * @param version Java version
     */
    static Optional<String> missing(JvmInfo.VectorModule module, String version) {
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

    private static Optional<String> notCompiled(JvmInfo jvm) {
        boolean interpreting = jvm.vmInfo().contains("interpreted") || jvm.has("UseCompiler", "false");
        if (!interpreting) return Optional.empty();
        return Optional.of("this JVM interprets all code, which is hundreds of times slower: start java without "
                + jvm.given("UseCompiler").orElse("-Xint"));
    }

    private static Optional<String> notIntrinsified(JvmInfo jvm) {
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

    private static Optional<String> width(JvmInfo jvm) {
        if (jvm.usedBits() > jvm.preferredBits()) {
            return Optional.of("vectors of " + jvm.usedBits() + " bits were requested, but this JVM has "
                    + jvm.preferredBits() + " and emulates wider ones many times slower: leave out --set vector-bits="
                    + jvm.usedBits() + " or -Dsparrow.vectorBits=" + jvm.usedBits());
        }
        // The JVM prefers narrower vectors on processors that are faster with them, so only explicit options are
        // reported.
        String option = options(jvm, "UseAVX", "MaxVectorSize");
        if (option.isEmpty() || jvm.preferredBits() >= jvm.machineBits().orElse(0)) return Optional.empty();
        return Optional.of("this JVM uses vectors of " + jvm.preferredBits() + " bits on a processor with "
                + jvm.machineBits().getAsInt() + ": start java without " + option);
    }

    private static String options(JvmInfo jvm, String... flags) {
        return Stream.of(flags).map(jvm::given).flatMap(Optional::stream).collect(Collectors.joining(" and "));
    }
}
