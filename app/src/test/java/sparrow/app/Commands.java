package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command line within a test. */
public final class Commands {
    private Commands() {}

    /** What a command said and how it ended. */
    public record Outcome(int code, String out, String err) {}

    public static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine(args)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = commands.execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    /** Unusable input ends in exit code 2 and one line that names it. */
    public static void assertRefusedInOneLine(Outcome outcome, String named) {
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().strip())
                .startsWith("sparrow: ")
                .contains(named)
                .doesNotContain("\n");
    }
}
