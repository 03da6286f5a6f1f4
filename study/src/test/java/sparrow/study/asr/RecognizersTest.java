package sparrow.study.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.asr.SpeechRecognizer;

class RecognizersTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "kaldi", "sphinx:", "whisper", "whisper:", "openai", "openai:", "openai:@http://h/v1"})
    void refusesAnotherNotation(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recognizers.open(notation))
                .withMessage("recogniser: expected " + Recognizers.NOTATION + ", got " + notation);
    }

    @ParameterizedTest
    @CsvSource({
        "openai:whisper-1@http://localhost:9/v1, whisper-1, http://localhost:9/v1",
        "openai:org/model@rev@https://example.org/v1, org/model@rev, https://example.org/v1"
    })
    void takesAServiceByModelAndAddress(String notation, String model, URI address) throws IOException {
        try (SpeechRecognizer recognizer = Recognizers.open(notation)) {
            assertThat(recognizer).isInstanceOfSatisfying(OpenAiRecognizer.class, service -> {
                assertThat(service.model()).isEqualTo(model);
                assertThat(service.service().endpoint().baseUrl()).isEqualTo(address);
            });
        }
    }

    @Test
    void areFoundByTheServer() throws IOException {
        SpeechRecognizer.Opener opener = SpeechRecognizer.Opener.find().orElseThrow();

        try (SpeechRecognizer recognizer = opener.open("openai:whisper-1@http://localhost:9/v1")) {
            assertThat(recognizer).isInstanceOf(OpenAiRecognizer.class);
        }
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recognizers.open("openai:m@http:/v1"))
                .withMessage("base URL: expected one like https://api.openai.com/v1, got http:/v1");
    }

    @Test
    void refusesSentencesThatAreNotThere() throws IOException {
        Path missing = folder.resolve("missing.txt");
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n \n");
        Path latin1 = Files.write(folder.resolve("latin1.txt"), new byte[] {'a', (byte) 0xe9, '\n'});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recognizers.open("sphinx:" + missing))
                .withMessage(missing + ": expected a file of sentences, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recognizers.open("sphinx:" + empty))
                .withMessage(empty + ": expected sentences, one per line, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recognizers.open("sphinx:" + latin1))
                .withMessage(latin1 + ": expected text in UTF-8");
    }

    @Test
    void refusesAModelThatIsNotThere() {
        Path missing = folder.resolve("ggml-base.bin");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recognizers.open("whisper:" + missing))
                .withMessage(missing + ": expected a ggml model of Whisper, found no file");
    }
}
