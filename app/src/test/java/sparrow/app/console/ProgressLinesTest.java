package sparrow.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    @Test
    void aLineContainsFinishedStepsAllStepsAndTheRemainingTime() {
        try (ProgressLines lines = lines("policies: asking", 2960, System.err, Duration.ofDays(1))) {
            assertThat(lines.line(0, Duration.ofMinutes(1)))
                    .isEqualTo("policies: asking: 0 of 2,960 after 1 min, remaining time unknown");
            assertThat(lines.line(740, Duration.ofMinutes(2)))
                    .isEqualTo("policies: asking: 740 of 2,960 after 2 min, about 6 min left");
            assertThat(lines.line(740, Duration.ofMinutes(30)))
                    .isEqualTo("policies: asking: 740 of 2,960 after 30 min, about 1 h 30 min left");
            assertThat(lines.line(2960, Duration.ofMinutes(2))).endsWith("about 0 min left");
        }
    }

    @Test
    void linesArePrintedUntilTheWorkEnds() throws InterruptedException {
        BlockingQueue<String> printed = new LinkedBlockingQueue<>();
        PrintStream out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                printed.add(line);
            }
        };
        try (ProgressLines lines = lines("asking", 4, out, Duration.ofMillis(1))) {
            assertThat(printed.take()).startsWith("sparrow: asking: 0 of 4 ");
            lines.step();
            while (!printed.take().startsWith("sparrow: asking: 1 of 4 ")) {
                // Lines from before the step.
            }
        }
    }

    private static ProgressLines lines(String what, long steps, PrintStream out, Duration interval) {
        return new ProgressLines(what, steps, out, interval);
    }
}
