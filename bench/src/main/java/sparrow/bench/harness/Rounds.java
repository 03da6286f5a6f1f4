package sparrow.bench.harness;

import java.util.List;
import sparrow.app.options.JitWatch;

/**
 * The rounds of a benchmark: a warm-up until the JIT is through, then rounds in which all runs alternate, so that what slows the
 * machine for a while slows all of them. Stops when its thread is interrupted; what was measured until then stays.
 *
 * @param count rounds
 * @param warmUpSeconds at most so long is the JIT waited for; 0 for no warm-up
 */
public record Rounds(int count, double warmUpSeconds) {
    /** The JIT is through when it works for less than this share of a warm-up round. */
    private static final double QUIET_JIT = 0.03;

    public Rounds {
        if (count < 1) throw new IllegalArgumentException("--rounds: expected 1 or more, got " + count);
        if (!(warmUpSeconds >= 0) || Double.isInfinite(warmUpSeconds)) {
            throw new IllegalArgumentException("--set warm-up: expected 0 or more seconds, got " + warmUpSeconds);
        }
    }

    /** Runs that {@link BenchProgress#ended} will be told of. */
    public int runs(Benchmark benchmark) {
        return count * benchmark.phases().stream().mapToInt(List::size).sum();
    }

    /** Tells if all runs ran to their end. */
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
