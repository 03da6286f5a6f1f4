package sparrow.app.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static sparrow.app.Commands.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;

/** Where a command is to write is looked at first: before its input is missed, which does not exist in these tests. */
class OutputPathTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(folder.resolve("file"), "");
    }

    private Outcome runInto(String option, Path out, String command) {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        all.add(option);
        all.add(out.toString());
        return run(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask none.wav", "chat --model none", "say hello --model none", "tokens decode none.txt"})
    void soundIsWrittenAsWavAlone(String command) {
        Path mp3 = folder.resolve("a.mp3");

        assertThat(runInto("--out", mp3, command))
                .isEqualTo(refused("--out: expected a name that ends with .wav, got " + mp3));
        assertThat(runInto("--out", folder.resolve("a.WAV"), command).err()).doesNotContain("--out");
        assertThat(runInto("--out", folder.resolve("answer"), command).err()).doesNotContain("--out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ask none.wav",
                "chat --model none",
                "forward none --ids 1",
                "tokens decode none.txt",
                "voice none.wav --model none"
            })
    void placeOfAFileIsRefused(String command) {
        assertThat(runInto("--out", folder, command))
                .isEqualTo(refused("--out: expected a file, " + folder + " is a folder"));
        assertThat(runInto("--out", folder.resolve("none/out"), command))
                .isEqualTo(refused("--out: " + folder.resolve("none") + ": no such folder"));
        assertThat(runInto("--out", file.resolve("out"), command))
                .isEqualTo(refused("--out: " + file + " is a file, not a folder"));
        assertThat(runInto("--out", Path.of(""), command))
                .isEqualTo(refused("--out: expected a file name, got nothing"));
    }

    @Test
    void placeOfAFolderIsRefused() {
        String command = "convert none --quant q8_0";

        assertThat(runInto("--out", file, command))
                .isEqualTo(refused("--out: expected a folder, " + file + " is a file"));
        assertThat(runInto("--out", file.resolve("in/it"), command))
                .isEqualTo(refused("--out: " + file + " is a file, not a folder"));
        assertThat(runInto("--out", Path.of(""), command))
                .isEqualTo(refused("--out: expected a folder name, got nothing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ask FILE",
                "ask none.wav --voice FILE",
                "voice FILE --model none",
                "tokens decode 1 --noise FILE",
                "tokens decode FILE",
                "forward none --inputs FILE",
                "forward --wav FILE",
                "forward FILE --ids 1"
            })
    void inputIsNotWrittenOver(String command) throws IOException {
        Path other = folder.resolve("../" + folder.getFileName() + "/file");

        assertThat(runInto("--out", other, command.replace("FILE", file.toString())))
                .isEqualTo(refused("--out: expected another file than the input " + file));
        assertThat(file).isEmptyFile();
    }

    @Test
    void inputIsNoNumberedAnswer() throws IOException {
        Path second = Files.writeString(folder.resolve("answer-2.wav"), "");

        assertThat(runInto("--out", folder.resolve("answer.wav"), "ask " + second + " none.wav"))
                .isEqualTo(refused("--out: expected another file than the input " + second));
    }

    @Test
    void everyNumberedAnswerHasItsPlace() throws IOException {
        Files.createDirectory(folder.resolve("answer-2.wav"));

        Outcome outcome = runInto("--out", folder.resolve("answer.wav"), "ask none.wav none.wav");

        assertThat(outcome.err()).contains("answer-2.wav is a folder");
    }

    @Test
    void folderThatCannotBeWrittenToIsRefused() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(folder), "whoever runs this test may write anywhere");

        assertThatThrownBy(() -> OutputPath.expectFile("--out", folder.resolve("a.wav")))
                .hasMessage("--out: " + folder + ": cannot be written to");
        assertThatThrownBy(() -> OutputPath.expectFolder("--out", folder.resolve("b/c")))
                .hasMessage("--out: " + folder + ": cannot be written to");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void folderThatTakesNoFilesIsRefused() {
        assertThat(runInto("--out", Path.of("/proc/a.wav"), "ask none.wav"))
                .isEqualTo(refused("--out: /proc: cannot be written to"));
        assertThat(runInto("--out", Path.of("/proc/a"), "convert none --quant q8_0"))
                .isEqualTo(refused("--out: /proc: cannot be written to"));
    }

    @Test
    void newAndOldPlacesAndDevicesAreFine() {
        assertThatNoException().isThrownBy(() -> {
            OutputPath.expectFile("--out", file);
            OutputPath.expectFile("--out", folder.resolve("new"));
            OutputPath.expectFile("--out", Path.of("relative"));
            OutputPath.expectFile("--out", Path.of("/dev/null"));
            OutputPath.expectFile("--out", null);
            OutputPath.expectFolder("--out", folder);
            OutputPath.expectFolder("--out", folder.resolve("new/and/deep"));
            OutputPath.expectFolder("--out", Path.of("relative"));
        });
    }

    private static Outcome refused(String line) {
        return new Outcome(2, "", "sparrow: " + line + "\n");
    }
}
