package sparrow.bench.harness;

import java.util.List;

/** A benchmark, which defines runs and stores their results. */
public interface Benchmark {
    /** Returns short runs that make the JIT compile the measured code and whose results are discarded. */
    List<Run> warmUp();

    /** Returns the runs of a round for each phase. All rounds of a phase precede those of the next phase. */
    List<List<Run>> phases();

    /** Returns true if no results are stored. */
    boolean isEmpty();

    /** Adds the results to a report. */
    void report(BenchReport report);
}
