package sparrow.study.run;

import java.time.Duration;

/** Receives the progress of a run. Called by several threads. */
public interface RunProgress {
    /** A listener that does nothing. */
    RunProgress NONE = new RunProgress() {
        @Override
        public void begin(String stage, int steps) {}

        @Override
        public void now(String part) {}

        @Override
        public void done() {}
    };

    /**
     * Called when a stage of a run starts.
     *
     * @param stage name of the stage, one or two words
     * @param steps number of calls of {@link #done} to expect
     */
    void begin(String stage, int steps);

    /** Called when a part of the stage starts. */
    void now(String part);

    /** Called when a step is done. */
    void done();

    /**
     * Called when the duration of all stages to come can be estimated.
     *
     * @param remaining estimate
     * @param work what remains to be done
     */
    default void expect(Duration remaining, String work) {}
}
