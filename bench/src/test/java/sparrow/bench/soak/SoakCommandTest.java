package sparrow.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.bench.Commands.assertRefusedInOneLine;
import static sparrow.bench.Commands.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sparrow.bench.Commands.Outcome;

/** The command {@code bench soak}, at most with half a minute of a real server. */
@EnabledOnOs(OS.LINUX)
class SoakCommandTest {
    @TempDir
    private Path folder;

    /** In place of the script {@code sparrow}: a server of the classes under test. */
    private Path launcher(String command) throws IOException {
        Path launcher = Files.writeString(folder.resolve("launcher"), "#!/bin/sh\n" + command + "\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return launcher;
    }

    private Outcome soak(Path launcher, String hours, String faults) {
        return run(
                "bench",
                "soak",
                "--launcher",
                launcher.toString(),
                "--out",
                folder.resolve("out").toString(),
                "--hours",
                hours,
                "--talkers",
                "2",
                "--seed",
                "1",
                "--faults",
                faults);
    }

    @Tag("full")
    @Test
    void aServerAnswersItsTalkersWhateverOthersDo() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path launcher =
                launcher("exec " + java + " --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' $SPARROW_JAVA_OPTS sparrow.app.Main \"$@\"");

        Outcome outcome = soak(launcher, "0.01", "cut=20,wrong-key=20,huge-frames=6,vocoder=6,restart=0,full-disk=0");

        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out()).contains("the run is too short to compare quarters", "passed");
        List<String> rows = Files.readAllLines(folder.resolve("out/soak.csv"));
        assertThat(rows).hasSize(5).startsWith(SoakRow.HEADER);
        assertThat(rows.getLast().split(",")[1]).as("resident MB").matches("\\d+\\.\\d+");
        assertThat(rows.getLast().split(",")[2]).as("heap MB").matches("\\d+");
        assertThat(Files.readString(folder.resolve("out/faults.csv"))).contains(",cut,", ",wrong-key,\"401\"");
        assertThat(folder.resolve("out/soak.png")).isNotEmptyFile();
    }

    @Test
    void aServerThatDoesNotStartIsOneLine() throws IOException {
        Outcome outcome = soak(launcher("echo broken >&2; exit 3"), "0.01", "restart=0");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("sparrow: the server exited with 3; its errors are in ");
        assertThat(Files.readString(folder.resolve("out/server-errors.log"))).isEqualTo("broken\n");
    }

    @Test
    void unusableOptionsAreRefusedBeforeAServerStarts() throws IOException {
        Path launcher = launcher("exit 3");
        assertRefusedInOneLine(soak(launcher, "0", "restart=0"), "--hours: expected above 0");
        assertRefusedInOneLine(soak(launcher, "1", "earthquake=1"), "--faults: expected one of [cut, stalled-reader");
        assertRefusedInOneLine(soak(launcher, "1", "cut=-1"), "--faults: expected cut 0 to 60 times a minute");
        assertRefusedInOneLine(soak(folder.resolve("nobody"), "1", "cut=1"), "--launcher: expected a program");
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/soak.csv"), "");
        assertRefusedInOneLine(soak(launcher, "1", "cut=1"), "--out: expected a new or empty folder");
    }
}
