package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import sparrow.app.Main;

/** {@code sparrow jars} is one of Sparrow's commands where this module is. */
class JarsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void driversJarsAreOneLineOfAClassPath() {
        assertThat(run("jars", "--driver")).isZero();
        assertThat(out.toString())
                .contains("picocli-")
                .doesNotContain(",", "spark-core", "jackson-databind", "slf4j-api")
                .hasLineCount(1);
    }

    @Test
    void oneOfTheTwoIsAskedFor() {
        assertThat(run("jars")).isEqualTo(2);
        assertThat(err.toString()).contains("--workers").contains("--driver").hasLineCount(1);
        assertThat(run("jars", "--workers", "--driver")).isEqualTo(2);
    }

    private int run(String... args) {
        CommandLine commands = Main.commandLine();
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(args);
    }
}
