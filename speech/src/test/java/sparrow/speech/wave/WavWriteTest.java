package sparrow.speech.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.wave.WavBytes.le;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.speech.Golden;

class WavWriteTest {
    @TempDir
    private Path folder;

    private static Waveform noise(int samples) {
        SplittableRandom random = new SplittableRandom(samples);
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++) noise[i] = (float) random.nextDouble(-1.5, 1.5);
        return new Waveform(noise, 24_000);
    }

    @Test
    void floatsComeBackAsTheyWere() throws IOException {
        Waveform noise = noise(40_001); // more than two blocks
        Path file = folder.resolve("a.wav");

        WavFile.write(file, noise, SampleFormat.FLOAT32);

        assertThat(WavFile.read(file).samples()).containsExactly(noise.samples());
        assertThat(WavFile.read(file).sampleRateHz()).isEqualTo(24_000);
    }

    @Test
    void bytesAreThoseOfTheFile() throws IOException {
        Waveform noise = noise(40_001);
        Path file = folder.resolve("a.wav");

        WavFile.write(file, noise, SampleFormat.PCM16);

        assertThat(file).hasBinaryContent(WavFile.bytes(noise, SampleFormat.PCM16));
    }

    @Test
    void a16BitFileIsWrittenByteForByteAsItWas() throws IOException {
        Path original = Golden.GLM.resolve("audio/input_16k.wav");
        Path copy = folder.resolve("copy.wav");

        WavFile.write(copy, WavFile.read(original), SampleFormat.PCM16);

        assertThat(copy).hasSameBinaryContentAs(original);
    }

    @Test
    void sixteenBitsRoundToTheNearestStepAndClip() throws IOException {
        Waveform noise = noise(1_000);
        Path file = folder.resolve("a.wav");

        WavFile.write(file, noise, SampleFormat.PCM16);

        float[] back = WavFile.read(file).samples();
        for (int i = 0; i < back.length; i++) {
            float expected = Math.clamp(noise.samples()[i], -1, 32767 / 32768f);
            assertThat(Math.abs(back[i] - expected)).isLessThanOrEqualTo(0x1p-16f);
        }
    }

    @Test
    void replacesAFileAndLeavesNothingElseBehind() throws IOException {
        Path file = Files.write(folder.resolve("a.wav"), le(1, 1, 2, 3));

        WavFile.write(file, noise(100), SampleFormat.PCM16);

        assertThat(Files.size(file)).isEqualTo(44 + 200);
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void replacesTheFileThatALinkLeadsTo() throws IOException {
        Path file = Files.write(folder.resolve("a.wav"), le(1, 1));
        Path link = Files.createSymbolicLink(folder.resolve("link.wav"), file);

        WavFile.write(link, noise(100), SampleFormat.PCM16);

        assertThat(link).isSymbolicLink();
        assertThat(Files.size(file)).isEqualTo(44 + 200);
    }

    @Test
    void refusesWhatCannotBeWrittenInOneLine() {
        Waveform broken = new Waveform(new float[] {0, Float.NaN}, 16_000);
        Path file = folder.resolve("a.wav");

        assertThatThrownBy(() -> WavFile.write(file, broken, SampleFormat.PCM16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": expected finite samples, got NaN");
        assertThatThrownBy(() -> WavFile.write(folder, noise(1), SampleFormat.PCM16))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + ": is a folder");
        assertThatThrownBy(() -> WavFile.write(folder.resolve("no/a.wav"), noise(1), SampleFormat.PCM16))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no/a.wav: its folder does not exist");
        assertThat(folder).isEmptyDirectory();
    }
}
