package sparrow.app.options;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Measures the JIT compiler's load since this object was created. Kernel timings are meaningless while the JIT
 * compiles.
 */
public final class JitWatch {
    private static final CompilationMXBean JIT = ManagementFactory.getCompilationMXBean();

    private final long began = System.nanoTime();
    private final long compiled = compiledMillis();

    /**
     * Returns the compilation time divided by the elapsed time, or 0 without a JIT. The result exceeds 1 if several JIT
     * threads are compiling.
     */
    public double share() {
        return (compiledMillis() - compiled) * 1e6 / (System.nanoTime() - began);
    }

    /**
     * Repeats work until the JIT compiler's load during a repetition is at most {@code quiet}, or until the time is over.
     */
    public static void repeatUntil(double quiet, Duration longest, Runnable work) {
        long end = System.nanoTime() + longest.toNanos();
        JitWatch jit;
        do {
            jit = new JitWatch();
            work.run();
        } while (jit.share() > quiet && System.nanoTime() < end);
    }

    private static long compiledMillis() {
        // The bean is null in a JVM that only interprets.
        return JIT == null || !JIT.isCompilationTimeMonitoringSupported() ? 0 : JIT.getTotalCompilationTime();
    }
}
