package sparrow.app.console;

import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A sign of life on a terminal while nothing can be printed yet; nothing where there is no terminal. Bars begin and end on a
 * thread of their own: an interrupt of the working thread, Ctrl-C, would be lost in them.
 */
public final class Waiting implements AutoCloseable {
    private ProgressBar bar;

    /** @param bar null where nothing is shown */
    Waiting(ProgressBar bar) {
        this.bar = bar;
    }

    /** Work of unknown length, while nothing else is printed. */
    public static Waiting begin(String what) {
        return begin(what, -1);
    }

    /** Work of {@code steps} steps; -1 for an unknown number. */
    public static Waiting begin(String what, long steps) {
        if (!Screen.ofProcess().colours()) return new Waiting(null);
        ProgressBarBuilder bar = new ProgressBarBuilder()
                .setInitialMax(steps)
                .setTaskName(what)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                .setUpdateIntervalMillis(100)
                .clearDisplayOnFinish();
        // JLine closes its terminal as soon as the process is on its way out, while work still ends in order.
        return new Waiting(CompletableFuture.supplyAsync(bar::build)
                .exceptionally(_ -> null)
                .join());
    }

    /** No sign of life, for output that a script reads. */
    public static Waiting silent() {
        return new Waiting(null);
    }

    /** One step is done. */
    public void step() {
        if (bar != null) bar.step();
    }

    /** Names the work that is done now. */
    public void now(String what) {
        if (bar != null) bar.setExtraMessage(what);
    }

    @Override
    public void close() {
        end();
    }

    /** Clears the line, before output is printed. */
    public void end() {
        if (bar == null) return;
        CompletableFuture.runAsync(bar::close).join();
        bar = null;
    }
}
