package sparrow.bench.harness;

/** Hears what is being measured. */
public interface BenchProgress {
    /** A run begins, e.g. "round 2 of 5: even:36". */
    void begin(String run);

    /** A run of a round has ended; warm-up does not count. */
    void ended();
}
