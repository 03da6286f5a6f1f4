package sparrow.study.run;

/** Hears how far a run has come. Called by several threads. */
public interface RunProgress {
    /** Ignores everything. */
    RunProgress NONE = new RunProgress() {
        @Override
        public void begin(String stage, int steps) {}

        @Override
        public void now(String what) {}

        @Override
        public void done() {}
    };

    /**
     * A part of the run begins.
     *
     * @param stage what it does, in a word or two
     * @param steps that {@link #done} will tell of
     */
    void begin(String stage, int steps);

    /** What is being done now. */
    void now(String what);

    /** One more step is done. */
    void done();
}
