package sparrow.app.console;

import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar, which is shown only on a terminal. It is started and closed on a separate thread, because the bar
 * would otherwise swallow an interrupt of the working thread after Ctrl-C.
 */
public final class Waiting implements AutoCloseable {
    private ProgressBar bar;

    /** @param bar the bar, or null to show nothing */
    Waiting(ProgressBar bar) {
        this.bar = bar;
    }

    /** Shows the progress of work of unknown length. No other output must be printed while it is shown. */
    public static Waiting begin(String what) {
        return begin(what, -1);
    }

    /** Shows the progress of {@code steps} steps, or of an unknown number if {@code steps} is -1. */
    public static Waiting begin(String what, long steps) {
        if (!Screen.ofProcess().colours()) return new Waiting(null);
        ProgressBarBuilder bar = new ProgressBarBuilder()
                .setInitialMax(steps)
                .setTaskName(what)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                .setUpdateIntervalMillis(100)
                .clearDisplayOnFinish();
        // JLine closes its terminal as soon as the JVM starts to shut down, when work may still be writing its results.
        return new Waiting(CompletableFuture.supplyAsync(bar::build)
                .exceptionally(_ -> null)
                .join());
    }

    /** Returns an instance that shows nothing, for output that scripts read. */
    public static Waiting silent() {
        return new Waiting(null);
    }

    /** Reports that a step has finished. */
    public void step() {
        if (bar != null) bar.step();
    }

    /** Shows the name of the current work. */
    public void now(String what) {
        if (bar != null) bar.setExtraMessage(what);
    }

    @Override
    public void close() {
        end();
    }

    /** Clears the line. Must be called before output is printed. */
    public void end() {
        if (bar == null) return;
        CompletableFuture.runAsync(bar::close).join();
        bar = null;
    }
}
