package sparrow.bench.harness;

import java.util.List;
import org.knowm.xchart.CategoryChart;

/** A benchmark, which provides runs and stores their results. */
public interface Benchmark {
    /** Returns short runs that make the JIT compiler compile the measured code. Their results are discarded. */
    List<Run> warmUp();

    /** Returns the runs of a round for each phase. All rounds of a phase are measured before the next phase. */
    List<List<Run>> phases();

    /** Returns whether no results are stored. */
    boolean isEmpty();

    /** Adds the results to a report. */
    void report(BenchReport report);

    /** Returns charts of the results, or an empty list if the benchmark has no charts. */
    default List<CategoryChart> charts() {
        return List.of();
    }
}
