package sparrow.bench.harness;

import java.util.List;

/** What is measured in rounds, and what was found. */
public interface Benchmark {
    /** Short runs that have the JIT compile what is measured; nothing of them is kept. */
    List<Run> warmUp();

    /** The runs of a round, by phases: all rounds of a phase come before those of the next. */
    List<List<Run>> phases();

    /** Whether nothing was kept so far. */
    boolean isEmpty();

    /** Tells what was found. */
    void report(BenchReport report);
}
