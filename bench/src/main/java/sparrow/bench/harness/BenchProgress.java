package sparrow.bench.harness;

import sparrow.app.console.Waiting;

/** A listener for the progress of a benchmark. */
public interface BenchProgress {
    /** Called when a run starts, such as "round 2 of 5: even:36". */
    void begin(String run);

    /** Called when a run other than a warm-up run has ended. */
    void ended();

    /** Returns a listener that displays progress on the terminal. */
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
