package sparrow.app;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A sign of life on a terminal while nothing can be printed yet; nothing where there is no terminal. */
final class Waiting implements AutoCloseable {
    private ProgressBar bar;

    private Waiting(ProgressBar bar) {
        this.bar = bar;
    }

    static Waiting begin(String what, boolean wanted) {
        if (!wanted || !Screen.ofProcess().colours()) return new Waiting(null);
        return new Waiting(new ProgressBarBuilder()
                .setInitialMax(-1)
                .setTaskName(what)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                .setUpdateIntervalMillis(100)
                .clearDisplayOnFinish()
                .build());
    }

    /** What is being done now. */
    void now(String what) {
        if (bar != null) bar.setExtraMessage(what);
    }

    @Override
    public void close() {
        end();
    }

    /** There is something to print: clears the line. */
    void end() {
        if (bar == null) return;
        bar.close();
        bar = null;
    }
}
