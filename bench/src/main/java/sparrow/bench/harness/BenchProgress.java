package sparrow.bench.harness;

import sparrow.app.console.Waiting;

/** Receives the progress of a benchmark. */
public interface BenchProgress {
    /** Called when a run begins, such as "round 2 of 5: even:36". */
    void begin(String run);

    /** Called when a run of a round, but not of the warm-up, has ended. */
    void ended();

    /** Returns a listener that shows progress on the screen. */
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
