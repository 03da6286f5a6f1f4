package sparrow.study.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.study.cli.Commands.Outcome;

/** Commands of the laboratory are refused as those of the instrument are: in one line, before anything takes long. */
class WrongUseTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(folder.resolve("file"), "");
    }

    private static Outcome runInto(String option, Path out, String command) {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        all.add(option);
        all.add(out.toString());
        return Commands.run(all.toArray(String[]::new));
    }

    private static Outcome refused(String line) {
        return new Outcome(2, "", "sparrow: " + line + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "study compare --data folder:none",
                "study layers --data folder:none",
                "study flow --data folder:none",
                "study tune --budget mos=-1 --data folder:none"
            })
    void placeOfAFolderIsRefused(String command) {
        assertThat(runInto("--out", file, command))
                .isEqualTo(refused("--out: expected a folder, " + file + " is a file"));
        assertThat(runInto("--out", file.resolve("in/it"), command))
                .isEqualTo(refused("--out: " + file + " is a file, not a folder"));
        assertThat(runInto("--out", Path.of(""), command))
                .isEqualTo(refused("--out: expected a folder name, got nothing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"study flow --data folder:none", "study tune --budget mos=-1 --data folder:none"})
    void folderOfAnotherStudyIsRefused(String command) throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("settings.json"), "{}");

        assertThat(runInto("--out", other, command))
                .isEqualTo(refused(other + ": holds another study; choose another --out"));
    }

    /** A study that keeps no replies and judges none has no options of that. */
    @ParameterizedTest
    @ValueSource(strings = {"--judge=exact", "--on=local", "--timing=1"})
    void optionThatDoesNothingInFlowIsUnknownThere(String option) {
        Outcome outcome = Commands.run("study", "flow", "--data", "folder:none", "--out", "none", option);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("sparrow: unknown option '" + option + "'")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"study compare", "study layers", "study tune"})
    void unknownOptionIsToldInOneLine(String command) {
        Outcome outcome = Commands.run((command + " --no-such-option").split(" "));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("sparrow: ")
                .endsWith("(see sparrow " + command + " --help)\n")
                .hasLineCount(1);
    }
}
