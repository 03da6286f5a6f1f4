package sparrow.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;

/** A bar that is drawn to nowhere. */
class WaitingTest {
    @Test
    void keepsAnInterruptWhereABarEnds() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Waiting waiting = new Waiting(
                new ProgressBarBuilder()
                        .setConsumer(new ConsoleProgressBarConsumer(nowhere, 80))
                        .build(),
                null);

        Thread.currentThread().interrupt();
        waiting.end();

        assertThat(Thread.interrupted()).isTrue();
    }
}
