package sparrow.bench.harness;

import java.util.List;

/** A benchmark: its runs, and the figures that they keep. */
public interface Benchmark {
    /** Short runs that have the JIT compile what is measured; nothing of them is kept. */
    List<Run> warmUp();

    /** The runs of a round, by phases: all rounds of a phase come before those of the next. */
    List<List<Run>> phases();

    /** Tells if no figure was kept so far. */
    boolean isEmpty();

    /** Adds the figures to a report. */
    void report(BenchReport report);
}
