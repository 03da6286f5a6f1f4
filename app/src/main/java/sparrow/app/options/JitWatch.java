package sparrow.app.options;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** The load of the JIT since the watch began. While the JIT compiles, times tell of the JVM and not of the kernels. */
public final class JitWatch {
    private static final CompilationMXBean JIT = ManagementFactory.getCompilationMXBean();

    private final long began = System.nanoTime();
    private final long compiled = compiledMillis();

    /** Time spent on compiling by time passed; may exceed 1, since the JIT has several threads. 0 without a JIT. */
    public double share() {
        return (compiledMillis() - compiled) * 1e6 / (System.nanoTime() - began);
    }

    private static long compiledMillis() {
        // Null in an interpreting JVM.
        return JIT == null || !JIT.isCompilationTimeMonitoringSupported() ? 0 : JIT.getTotalCompilationTime();
    }
}
