package sparrow.app.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands.Outcome;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.wave.WavFile;

/** {@code sparrow tokens}: speech to codes, and codes to speech. */
class TokensCommandTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    private static List<Integer> tokens(JsonNode turn) {
        return turn.path("steps").findValues("token").stream()
                .map(JsonNode::intValue)
                .toList();
    }

    @Test
    void tokensOfTheGoldenWaveformMakeTheGoldenWaveformAgain() throws IOException {
        Path golden = TESTDATA.resolve("tiny/decoder_case.safetensors");
        Path out = folder.resolve("again.wav");
        try (Safetensors expected = Safetensors.open(golden)) {
            String codes = Arrays.toString(expected.tensor("tokens").toInts());

            Outcome outcome =
                    run("tokens", "decode", codes, "--noise", golden.toString(), "--float", "--out", out.toString());

            assertThat(outcome.err()).isEmpty();
            float[] wav = expected.tensor("wav").toFloats();
            float[] actual = WavFile.read(out).samples();
            assertThat(actual).hasSameSizeAs(wav);
            double signal = 0;
            double error = 0;
            for (int i = 0; i < wav.length; i++) {
                signal += wav[i] * wav[i];
                error += (actual[i] - wav[i]) * (actual[i] - wav[i]);
            }
            // Same noise and excitation: only rounding differs. A wrong frame would leave less than 10 dB.
            assertThat(10 * Math.log10(signal / error)).isGreaterThan(60);
        }
    }

    @Test
    void encodePrintsCodesThatDecodeUnderstands() {
        Outcome codes = run("tokens", "encode", QUESTION);

        Outcome decoded = run(
                "tokens",
                "decode",
                codes.out().strip(),
                "--out",
                folder.resolve("b.wav").toString());

        assertThat(codes.out().strip()).matches("\\d+( \\d+)+");
        assertThat(decoded.code()).isZero();
        assertThat(folder.resolve("b.wav")).exists();
    }

    @Test
    void neitherCodesNorAFileIsRefused() {
        assertRefusedInOneLine(
                run(
                        "tokens",
                        "decode",
                        "1 2 abc",
                        "--out",
                        folder.resolve("a.wav").toString()),
                "1 2 abc: expected codes separated by spaces or commas, or a file that contains them");
    }
}
