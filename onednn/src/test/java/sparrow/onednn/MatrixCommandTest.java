package sparrow.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import sparrow.app.Main;

/** The command line multiplies by the library where this artifact is on its class path and it is asked to. */
class MatrixCommandTest {
    private static String run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(commands.execute(args)).as(err.toString()).isZero();
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"onednn", "auto"})
    void infoTellsWhatWasFound(String choice) {
        Installed.provider();

        assertThat(run("info", "--set", "matrix=" + choice))
                .containsPattern(
                        "arithmetic +vector-\\d+x\\d+(\\+onednn-3\\.[a-z0-9_.-]+)? java-\\S+ \\S+ build-[0-9a-f]+\n")
                .containsPattern("matrix .*oneDNN 3\\.\\d+\\.\\d+ for [a-z0-9_]+ \\(.+\\)");
    }

    @Test
    void itIsUsedOnlyWhereItIsAskedFor() {
        assertThat(run("info"))
                .containsPattern("arithmetic +vector-\\d+x\\d+ java-\\S+ \\S+ build-[0-9a-f]+\n")
                .containsPattern("matrix +java\n");
    }
}
