package sparrow.study.run;

/** Follows the progress of a run. Called by several threads. */
public interface RunProgress {
    /** Ignores everything. */
    RunProgress NONE = new RunProgress() {
        @Override
        public void begin(String stage, int steps) {}

        @Override
        public void now(String part) {}

        @Override
        public void done() {}
    };

    /**
     * A part of the run begins.
     *
     * @param stage its name, a word or two
     * @param steps that {@link #done} will report
     */
    void begin(String stage, int steps);

    /** A part of the stage begins. */
    void now(String part);

    /** One more step is done. */
    void done();
}
