package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;

/** Files that libopus and other synthesizers wrote. */
class RecordingFileTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path OPUS = TESTDATA.resolve("demo-voices/known/audio/j001.opus");
    private static final Path WAV = TESTDATA.resolve("demo-eval/wav/v001.wav");

    @TempDir
    private Path folder;

    @Test
    void theBytesTellTheFormatAndNotTheName() throws IOException {
        Path opus = Files.copy(OPUS, folder.resolve("opus.wav"));
        Path wav = Files.copy(WAV, folder.resolve("wav.opus"));

        assertThat(RecordingFile.read(opus).samples())
                .isEqualTo(RecordingFile.read(OPUS).samples());
        assertThat(RecordingFile.read(OPUS).peak()).isGreaterThan(0.05f);
        assertThat(RecordingFile.read(OPUS).seconds()).isBetween(1.0, 5.0);
        assertThat(RecordingFile.read(wav).samples())
                .isEqualTo(WavFile.read(WAV).samples());
    }

    @Test
    void aStreamIsReadAsAFile() throws IOException {
        for (Path file : List.of(OPUS, WAV)) {
            try (InputStream in = Files.newInputStream(file)) {
                assertThat(RecordingFile.read(in, Path.of("-")).samples())
                        .isEqualTo(RecordingFile.read(file).samples());
            }
        }
        assertThatThrownBy(() -> RecordingFile.read(InputStream.nullInputStream(), Path.of("-")))
                .isInstanceOf(BadFileException.class)
                .hasMessage("-: empty file, expected a WAV file");
    }

    @Test
    void aStreamThatDoesNotEndIsRefused() {
        InputStream zeros = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return length;
            }
        };

        assertThatThrownBy(() -> RecordingFile.read(zeros, Path.of("-")))
                .isInstanceOf(BadFileException.class)
                .hasMessage("-: expected at most 256 MiB, found more");
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        byte[] bytes = Files.readAllBytes(OPUS);
        Path cut = Files.write(folder.resolve("cut.opus"), Arrays.copyOf(bytes, bytes.length / 2));
        Path other = Files.writeString(folder.resolve("other.opus"), "ID3 an mp3");

        assertThatThrownBy(() -> RecordingFile.read(cut))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("cut.opus");
        assertThatThrownBy(() -> RecordingFile.read(other)).hasMessageContaining("other.opus: not a WAV file");
        assertThatThrownBy(() -> RecordingFile.read(folder.resolve("none.opus")))
                .isInstanceOf(BadFileException.class);
    }
}
