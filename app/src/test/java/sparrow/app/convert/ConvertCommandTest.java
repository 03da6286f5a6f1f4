package sparrow.app.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.run;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.app.Commands.Outcome;

/** {@code sparrow convert}: models in new folders, and the conversions that are refused. */
class ConvertCommandTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    @Tag("full")
    @Test
    void convertedModelAnswersAsTheOriginalDoes() throws IOException {
        Path q8 = folder.resolve("q8");

        Outcome converted = run("convert", "--quant", "q8_0", "--audio-quant", "q8_0", "--out", q8.toString());
        Outcome answer = run("ask", QUESTION, "--model", q8.toString());
        Outcome info = run("info", q8.toString());

        assertThat(converted.err()).isEmpty();
        assertThat(converted.out())
                .isEqualTo(q8 + ": q8_0, 5,940,192 bytes of language model; q8_0, 7,798,848 bytes of audio parts\n");
        assertThat(answer.out()).startsWith("five plus eight is thirteen. the answer is thirteen.");
        assertThat(info.out()).contains("weights     GGUF, q8_0\n");
    }

    @Test
    void conversionSaysInOneLineWhatItCannotDo() {
        String used = folder.toString();
        String golden = TESTDATA.resolve("glm-4-voice").toString();

        Outcome kept = run("convert", golden, "--quant", "q4_0", "--out", used);
        Outcome again = run("convert", golden, "--quant", "q4_0", "--out", used);
        Outcome type = run(
                "convert",
                golden,
                "--quant",
                "q5_0",
                "--out",
                folder.resolve("other").toString());

        Outcome audio = run(
                "convert",
                golden,
                "--quant",
                "q4_0",
                "--audio-quant",
                "q4_0",
                "--out",
                folder.resolve("other").toString());

        assertThat(kept.code()).isZero();
        assertThat(kept.err())
                .isEqualTo("sparrow: kept in f16, because columns are not a multiple of 32: blk.0.ffn_down.weight"
                        + " (112 columns) and 3 more\n");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err())
                .isEqualTo("sparrow: " + used + ": expected a new or empty folder, found one with files\n");
        assertThat(type.code()).isEqualTo(2);
        assertThat(type.err()).contains("quantisation: expected q8_0, q4_0, bf16, f16, got q5_0");
        assertThat(audio.code()).isEqualTo(2);
        assertThat(audio.err()).contains("audio quantisation: expected f32, f16, bf16, q8_0, got q4_0");
    }
}
