package sparrow.study.cli;

import java.time.Duration;
import sparrow.app.console.Waiting;
import sparrow.study.run.RunProgress;

/** Displays a progress bar with the remaining time for each part of a run. */
public final class ProgressBar implements RunProgress, AutoCloseable {
    private Waiting bar = Waiting.silent();

    @Override
    public synchronized void begin(String stage, int steps) {
        bar.end();
        bar = steps == 0 ? Waiting.silent() : Waiting.begin(stage, steps);
    }

    @Override
    public synchronized void now(String what) {
        bar.now(what);
    }

    @Override
    public synchronized void done() {
        bar.step();
    }

    @Override
    public synchronized void expect(Duration remaining, String work) {
        bar.end();
        bar = Waiting.silent();
        Waiting.expect(remaining, work);
    }

    @Override
    public synchronized void close() {
        bar.end();
    }
}
