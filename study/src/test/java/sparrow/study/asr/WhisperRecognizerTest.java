package sparrow.study.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

class WhisperRecognizerTest {
    @TempDir
    private static Path folder;

    private static byte[] model;

    @BeforeAll
    static void writeModel() throws IOException {
        model = Files.readAllBytes(TinyWhisper.write(folder.resolve("whole.bin")));
    }

    @Tag("full")
    @Test
    void runsAModelInWhisperCpp() throws IOException {
        // whisper-jni's library for Linux on AMD64 wants a recent C library; the others are not tried here.
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .isEqualTo("Linux amd64");
        Path wav = Path.of(System.getProperty("sparrow.testdata"), "demo-eval", "wav", "v001.wav");
        Waveform speech = WavFile.read(wav);

        try (SpeechRecognizer recognizer = WhisperRecognizer.open(folder.resolve("whole.bin"))) {
            String heard = recognizer.transcribe(speech);

            assertThat(heard).matches("(w\\d+( w\\d+)*)?");
            assertThat(recognizer.transcribe(speech)).isEqualTo(heard);
            assertThat(recognizer.transcribe(new Waveform(new float[16_000], 16_000)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 20, 60, 1_000, 100_000, 400_000, 1_000_000, 4_260_447})
    void refusesAFileThatIsCutShort(int bytes) throws IOException {
        Path file = Files.write(folder.resolve("short.bin"), Arrays.copyOf(model, bytes));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WhisperRecognizer.open(file))
                .withMessageStartingWith(file + ": ");
    }

    /** Before, the first went around for ever, since its bytes came to minus those just read, the second before the file. */
    @ParameterizedTest
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @CsvSource({
        "04000000 04000000 00000000 91d30000 3dc30000 c3f30000 48d50000 6e616d65",
        "04000000 04000000 02000000 00000100 00000100 00000100 00800000 6e616d65",
        "04000000 04000000 00000000 00000100 00000100 00000100 00000100 6e616d65"
    })
    void refusesATensorWhoseSizesOverflow(String tensor) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(tensor.replace(" ", ""));
        Path file = Files.write(folder.resolve("tensor.bin"), model);
        Files.write(file, bytes, StandardOpenOption.APPEND);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WhisperRecognizer.open(file))
                .withMessage(file + ": tensor: expected more bytes, found the end");
    }

    @Test
    void refusesAnotherKindOfFile() throws IOException {
        Path file = Files.writeString(folder.resolve("readme.bin"), "GGUF, but not of this kind");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WhisperRecognizer.open(file))
                .withMessage(file + ": expected a ggml model of Whisper, found another kind of file");
    }
}
