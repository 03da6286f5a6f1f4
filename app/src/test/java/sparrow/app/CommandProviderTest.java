package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.run;

import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import sparrow.app.Commands.Outcome;

/** What another artifact adds is a command like any other. */
class CommandProviderTest {
    /** Found as a service of the test's class path. */
    public static final class Stopping implements CommandProvider {
        @Override
        public List<CommandLine> commands() {
            return List.of(new CommandLine(new StoppedCommand()));
        }
    }

    @Command(name = "stopped", description = "Is always interrupted.")
    static final class StoppedCommand implements Callable<Integer> {
        @Override
        public Integer call() throws InterruptedIOException {
            throw new InterruptedIOException("stopped by the user; ten are kept");
        }
    }

    @Test
    void addedCommandsAreListed() {
        assertThat(run("--help").out()).contains("  stopped ").contains("Is always interrupted.");
    }

    @Test
    void interruptedWorkEndsWithTheShellsCodeAndItsOwnWords() {
        Outcome outcome = run("stopped");

        assertThat(outcome.code()).isEqualTo(130);
        assertThat(outcome.err()).isEqualTo("sparrow: stopped by the user; ten are kept\n");
    }

    @Test
    void optionsOfAllCommandsAreTheirsAsWell() {
        assertThat(run("stopped", "--verbose").err()).contains("\tat ");
    }
}
