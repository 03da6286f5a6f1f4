package sparrow.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.study.cli.Commands.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import sparrow.app.CommandProvider;
import sparrow.study.cli.Commands.Outcome;

/** The command {@code heads} is part of the command line when this module is on the class path. */
class HeadsCommandsTest {
    @Test
    void areFoundAsAService() {
        assertThat(CommandProvider.found().map(CommandLine::<Object>getCommand))
                .hasAtLeastOneElementOfType(HeadsCommand.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"heads", "heads harvest", "heads train", "heads evaluate"})
    void helpShowsExamples(String command) {
        Outcome outcome = run((command + " --help").split(" "));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Examples:").contains("sparrow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"heads harvest --prompts none --layers 8", "heads train none"})
    void placeOfAFolderIsRefused(String command, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(run((command + " --out " + file).split(" ")))
                .isEqualTo(new Outcome(2, "", "sparrow: --out: expected a folder, " + file + " is a file\n"));
    }

    @Test
    void aClusterTakesTheModule(@TempDir Path folder) {
        assertThat(run(("heads train none --on spark://host:7077 --out " + folder.resolve("out")).split(" ")))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "sparrow: --on: the module cluster is not on the class path; ./sparrow builds and adds it\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heads harvest", "heads train", "heads evaluate"})
    void nameAnUnknownOptionInOneLine(String command) {
        Outcome outcome = run((command + " --no-such-option").split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().strip())
                .startsWith("sparrow: ")
                .contains("(see sparrow " + command + " --help)")
                .doesNotContain("\n");
    }

    @Test
    void shareTheErrorHandling() {
        String[] command = {"heads", "evaluate", "no-such-store", "--verbose"};

        assertThat(run("heads", "evaluate", "no-such-store").err())
                .startsWith("sparrow: ")
                .doesNotContain("\tat ");
        assertThat(run(command).err()).contains("\tat ");
    }
}
