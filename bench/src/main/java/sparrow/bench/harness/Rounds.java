package sparrow.bench.harness;

import java.util.List;
import sparrow.app.options.JitWatch;

/**
 * The rounds of a benchmark. After a warm-up until the JIT compiler is almost idle, all runs alternate in each round,
 * so that a temporary slowdown of the machine affects all of them. Measuring stops if the thread is interrupted, and
 * earlier results are retained.
 *
 * @param count number of rounds
 * @param warmUpSeconds maximum duration of the warm-up, or 0 for no warm-up
 */
public record Rounds(int count, double warmUpSeconds) {
    /** JIT load during a warm-up round below which the compiler is considered idle. */
    private static final double QUIET_JIT = 0.03;

    public Rounds {
        if (count < 1) throw new IllegalArgumentException("--rounds: expected 1 or more, got " + count);
        if (!(warmUpSeconds >= 0) || Double.isInfinite(warmUpSeconds)) {
            throw new IllegalArgumentException("--set warm-up: expected 0 or more seconds, got " + warmUpSeconds);
        }
    }

    /** Returns the total number of runs of a benchmark. {@link BenchProgress#ended} is called after each run. */
    public int runs(Benchmark benchmark) {
        return count * benchmark.phases().stream().mapToInt(List::size).sum();
    }

    /** Runs the benchmark, and returns whether it was not interrupted. */
    public boolean measure(Benchmark benchmark, BenchProgress progress) {
        if (warmUpSeconds > 0) warmUp(benchmark.warmUp(), progress);
        for (List<Run> phase : benchmark.phases()) {
            for (int round = 1; round <= count; round++) {
                for (Run run : phase) {
                    if (Thread.currentThread().isInterrupted()) return false;
                    progress.begin("round " + round + " of " + count + ": " + run.name());
                    if (!run.work().getAsBoolean()) return false;
                    progress.ended();
                }
            }
        }
        return true;
    }

    private void warmUp(List<Run> runs, BenchProgress progress) {
        long end = System.nanoTime() + (long) (warmUpSeconds * 1e9);
        JitWatch jit;
        do {
            jit = new JitWatch();
            for (Run run : runs) {
                if (Thread.currentThread().isInterrupted()) return;
                progress.begin("warming up: " + run.name());
                if (!run.work().getAsBoolean()) return;
            }
        } while (jit.share() > QUIET_JIT && System.nanoTime() < end);
    }
}
