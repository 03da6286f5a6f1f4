package sparrow.app.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands.Outcome;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** {@code sparrow transcribe} and {@code sparrow say} with a tiny random model: noise, but of the right form. */
class SpeechTaskCommandsTest {
    private static final Path DATA = Path.of(System.getProperty("sparrow.testdata"), "lfm2-audio");
    private static final String MODEL = DATA.resolve("a").toString();
    private static final String ONE = DATA.resolve("wav/b_second24k.wav").toString();
    private static final String OTHER = DATA.resolve("wav/c_third44k.wav").toString();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Tag("full")
    @Test
    void transcribePrintsTheTextOfEachRecording() throws IOException {
        String[] limit = {"--model", MODEL, "--max-new-tokens", "20"};
        Outcome one = run("transcribe", ONE, limit[0], limit[1], limit[2], limit[3]);
        Outcome both = run("transcribe", ONE, OTHER, limit[0], limit[1], limit[2], limit[3]);
        Outcome json = run("transcribe", ONE, OTHER, limit[0], limit[1], limit[2], limit[3], "--json");

        assertThat(one.code()).isZero();
        assertThat(both.out()).startsWith(ONE + ": " + one.out()).contains("\n" + OTHER + ": ");
        JsonNode transcripts = JSON.readTree(json.out()).path("transcripts");
        assertThat(transcripts).hasSize(2);
        assertThat(transcripts.path(0).path("file").textValue()).isEqualTo(ONE);
        assertThat(transcripts.path(0).path("text").textValue() + System.lineSeparator())
                .isEqualTo(one.out());
        assertThat(transcripts.path(0).path("seconds").doubleValue()).isBetween(1.2, 1.3);
        assertThat(transcripts.path(0).path("tokens").intValue()).isBetween(1, 20);
        assertThat(transcripts.path(0).path("stop").textValue()).isIn("end_token", "new_tokens");
    }

    @Tag("full")
    @Test
    void aTranscriptThatWasCutIsSaidToBe() {
        Outcome outcome = run("transcribe", ONE, "--model", MODEL, "--max-new-tokens", "1");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEqualTo("sparrow: " + ONE + ": stopped: --max-new-tokens reached\n");
    }

    @Tag("full")
    @Test
    void sayWritesTheSoundOfItsFrames() throws IOException {
        Path out = folder.resolve("a.wav");

        Outcome outcome =
                run("say", "Hello world.", "--model", MODEL, "--voice", "uk-female", "--out", out.toString(), "--json");

        assertThat(outcome.code()).isZero();
        JsonNode json = JSON.readTree(outcome.out());
        assertThat(json.path("voice").textValue()).isEqualTo("uk-female");
        assertThat(json.path("out").textValue()).isEqualTo(out.toString());
        Waveform speech = WavFile.read(out);
        assertThat(speech.sampleRateHz()).isEqualTo(24_000);
        assertThat(speech.samples()).hasSize(json.path("samples").intValue());
        assertThat(json.path("samples").intValue()).isPositive();
        assertThat(json.path("samples").intValue() % 1920).isZero();
    }

    @Tag("full")
    @Test
    void sayNamesTheFileAndTheTimeItTook() {
        Path out = folder.resolve("a.wav");

        Outcome outcome = run("say", "Hello.", "--model", MODEL, "--out", out.toString(), "--max-new-tokens", "8");

        assertThat(outcome.out())
                .startsWith(out + ": ")
                .containsPattern("[0-9.]+ s of speech, real-time factor [0-9.]+; first audio after [0-9.]+ s");
        assertThat(outcome.err()).isEqualTo("sparrow: stopped: --max-new-tokens reached\n");
    }

    @Tag("full")
    @Test
    void aModelThatCanDoNeitherIsRefused() {
        Path out = folder.resolve("a.wav");

        assertRefusedInOneLine(run("transcribe", ONE), "does not transcribe; expected one that does");
        assertRefusedInOneLine(run("say", "Hello.", "--out", out.toString()), "does not read aloud");
        assertThat(out).doesNotExist();
    }

    @Tag("full")
    @Test
    void wrongUseIsRefused() {
        String out = folder.resolve("a.wav").toString();

        assertRefusedInOneLine(run("transcribe"), "WAV");
        assertRefusedInOneLine(
                run("transcribe", "--model", MODEL, folder.resolve("no.wav").toString()), "no.wav");
        assertRefusedInOneLine(run("say", "Hello.", "--model", MODEL), "--out");
        assertRefusedInOneLine(run("say", " ", "--model", MODEL, "--out", out), "expected some text");
        assertRefusedInOneLine(
                run("say", "Hello.", "--model", MODEL, "--out", out, "--voice", "me.wav"),
                "voice: expected us-female or us-male or uk-female or uk-male, got me.wav");
    }

    @Test
    void theirHelpFitsAScreen() {
        for (String command : List.of("transcribe", "say")) {
            String help = run(command, "--help").out();

            assertThat(help).contains("Examples:", "--json", "--exit", "--model=FOLDER");
            assertThat(help.lines()).hasSizeLessThan(40).allMatch(line -> line.length() <= 80);
        }
    }
}
