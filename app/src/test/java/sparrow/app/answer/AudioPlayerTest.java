package sparrow.app.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioPlayerTest {
    @TempDir
    private Path folder;

    private Path wav;

    @BeforeEach
    void createFolders() throws IOException {
        assumeTrue(File.pathSeparator.equals(":"), "programs are shell scripts");
        Files.createDirectory(folder.resolve("first"));
        Files.createDirectory(folder.resolve("second"));
        wav = Files.writeString(folder.resolve("an answer.wav"), "samples");
    }

    private Path program(String name, String script) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private AudioPlayer found() {
        return AudioPlayer.find(
                        folder.resolve("first") + "::" + folder.resolve("missing") + ":" + folder.resolve("second"))
                .orElseThrow();
    }

    @Test
    void thePreferredProgramOfAllFoldersPlaysTheFile() throws IOException {
        Path heard = folder.resolve("heard");
        program("first/aplay", "exit 1");
        program("second/paplay", "cat \"$1\" >\"" + heard + "\"");

        found().play(wav);

        assertThat(heard).hasContent("samples");
    }

    @Test
    void aFolderOrAFileThatCannotBeExecutedIsNoPlayer() throws IOException {
        Files.createDirectory(folder.resolve("first/pw-play"));
        Files.writeString(folder.resolve("first/paplay"), "");

        assertThat(AudioPlayer.find(folder.resolve("first").toString())).isEmpty();
    }

    @Test
    void aPlayerThatFailsIsReportedWithItsLastLine() throws IOException {
        Path program = program("second/aplay", "echo ALSA lib; echo no sound card >&2; echo; exit 3");

        assertThatThrownBy(() -> found().play(wav))
                .isInstanceOf(IOException.class)
                .hasMessage("--play: " + program + " ended with 3: no sound card");
    }

    @Test
    void anInterruptStopsThePlayer() throws Exception {
        Path begun = folder.resolve("begun");
        program(
                "second/aplay",
                "echo $$ >\"" + begun + ".new\"; mv \"" + begun + ".new\" \"" + begun + "\"; exec sleep 600");
        Throwable[] thrown = new Throwable[1];
        Thread playing = Thread.ofPlatform().start(() -> {
            try {
                found().play(wav);
            } catch (Throwable e) {
                thrown[0] = e;
            }
        });
        while (!Files.exists(begun)) Thread.onSpinWait();

        playing.interrupt();
        playing.join();

        assertThat(thrown[0]).isInstanceOf(InterruptedIOException.class);
        long pid = Long.parseLong(Files.readString(begun).strip());
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
    }
}
