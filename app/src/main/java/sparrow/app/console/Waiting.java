package sparrow.app.console;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The progress of long work: a bar on a terminal, or a line per minute on standard error. The bar is started and closed
 * on a separate thread, because it would otherwise swallow an interrupt of the working thread after Ctrl-C.
 */
public final class Waiting implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private ProgressBar bar;
    private ProgressLines lines;

    /**
     * @param bar the bar, or null to show none
     * @param lines the lines, or null to print none
     */
    Waiting(ProgressBar bar, ProgressLines lines) {
        this.bar = bar;
        this.lines = lines;
    }

    /** Shows the progress of work of unknown length. No other output must be printed while it is shown. */
    public static Waiting begin(String what) {
        return begin(what, -1);
    }

    /** Shows the progress of {@code steps} steps, or of an unknown number if {@code steps} is -1. */
    public static Waiting begin(String what, long steps) {
        if (!Screen.ofProcess().colours()) {
            return new Waiting(null, steps < 1 ? null : new ProgressLines(what, steps, System.err, INTERVAL));
        }
        ProgressBarBuilder bar = new ProgressBarBuilder()
                .setInitialMax(steps)
                .setTaskName(what)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                .setUpdateIntervalMillis(100)
                .clearDisplayOnFinish();
        // JLine closes its terminal as soon as the JVM starts to shut down, when work may still be writing its results.
        return new Waiting(
                CompletableFuture.supplyAsync(bar::build)
                        .exceptionally(_ -> null)
                        .join(),
                null);
    }

    /** Returns an instance that shows nothing, for output that scripts read. */
    public static Waiting silent() {
        return new Waiting(null, null);
    }

    /** Returns a duration in words, such as {@code 1 h 5 min}, rounded up to minutes. */
    static String words(Duration duration) {
        long minutes = Math.ceilDiv(duration.toSeconds(), 60);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** Prints the expected duration of the remaining work on standard error. No progress must be shown. */
    public static void expect(Duration remaining, String work) {
        System.err.println("sparrow: about " + words(remaining) + " left for " + work);
    }

    /** Reports that a step has finished. */
    public void step() {
        if (bar != null) bar.step();
        if (lines != null) lines.step();
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
        if (lines != null) lines.close();
        lines = null;
        if (bar == null) return;
        CompletableFuture.runAsync(bar::close).join();
        bar = null;
    }
}
