package sparrow.bench.harness;

import sparrow.app.console.Waiting;

/** Hears what is being measured. */
public interface BenchProgress {
    /** A run begins, e.g. "round 2 of 5: even:36". */
    void begin(String run);

    /** A run of a round has ended; warm-up does not count. */
    void ended();

    /** Shows it on the screen. */
    static BenchProgress on(Waiting waiting) {
        return new BenchProgress() {
            @Override
            public void begin(String run) {
                waiting.now(run);
            }

            @Override
            public void ended() {
                waiting.step();
            }
        };
    }
}
