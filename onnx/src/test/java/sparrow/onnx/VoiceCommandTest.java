package sparrow.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sparrow.app.Main;

/** The command line makes voices of recordings where this artifact is on its class path. */
class VoiceCommandTest {
    private static final String MODEL = Surrogates.STEP.resolve("ckpt").toString();
    private static final String SPEAKER =
            Surrogates.STEP.resolve("wav/stereo24k.wav").toString();

    @TempDir
    private Path folder;

    private String voice() {
        return folder.resolve("voice.safetensors").toString();
    }

    private static String run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(commands.execute(args)).as(err.toString()).isZero();
        return out.toString();
    }

    @Test
    void aRecordingBecomesAVoiceFile() {
        assertThat(run("voice", SPEAKER, "--model", MODEL, "--out", voice()))
                .isEqualTo(voice() + ": 1.52 s of speech, 38 codes\n");
    }

    @Test
    void aRecordingSpeaksAsTheVoiceFileMadeOfIt() throws IOException {
        run("voice", SPEAKER, "--model", MODEL, "--out", voice());

        assertThat(answer("recorded.wav", SPEAKER)).isEqualTo(answer("cached.wav", voice()));
    }

    private byte[] answer(String name, String voice) throws IOException {
        Path answer = folder.resolve(name);
        String question = Surrogates.STEP.resolve("wav/speech16k.wav").toString();
        run("ask", question, "--model", MODEL, "--voice", voice, "--max-new-tokens", "30", "--out", answer.toString());
        return Files.readAllBytes(answer);
    }
}
