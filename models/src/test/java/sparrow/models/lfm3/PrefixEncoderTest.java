package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.models.family.Lazy;
import sparrow.speech.lfm.CausalEncoder;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** What was heard while a question was spoken is what is heard in the end. */
class PrefixEncoderTest {
    private static Waveform question() throws IOException {
        float[] once = WavFile.read(Lfm3Golden.FOLDER.resolve("wav/speech.wav")).samples();
        float[] twice = Arrays.copyOf(once, 3 * once.length);
        for (int i = once.length; i < twice.length; i++) twice[i] = once[i % once.length] / 2;
        return new Waveform(twice, 16_000).at(24_000);
    }

    @Test
    void stableRowsBeginTheRowsOfTheWholeQuestion() throws IOException {
        Waveform whole = question();
        PrefixEncoder hearing =
                new PrefixEncoder(new Lazy<>(() -> Lfm3Golden.of("a").encoder()));
        float[] expected = new PrefixEncoder(new Lazy<>(() -> Lfm3Golden.of("a").encoder()))
                .encode(whole)
                .getFirst();
        int width = 48;
        int rows = 0;
        for (int samples = 2400; samples < whole.samples().length; samples += 4800) {
            Waveform soFar = new Waveform(Arrays.copyOf(whole.samples(), samples), 24_000);

            float[] stable = hearing.encodeStablePrefix(soFar);

            assertThat(stable).isEqualTo(Arrays.copyOf(expected, stable.length));
            // Row t needs samples up to 1280 t + 1520, and rows are computed in blocks of eight.
            int arrived = samples * 2 / 3 - 20;
            assertThat(stable.length / width).isGreaterThanOrEqualTo((arrived - 1520) / 1280 / 8 * 8);
            rows = stable.length / width;
        }
        assertThat(rows).isGreaterThan(40);
        assertThat(hearing.encode(whole).getFirst()).containsExactly(expected);
    }

    @Test
    void aQuestionThatTurnsOutDifferentIsHeardAsItIs() throws IOException {
        Waveform whole = question();
        PrefixEncoder hearing =
                new PrefixEncoder(new Lazy<>(() -> Lfm3Golden.of("a").encoder()));
        hearing.encode(whole);
        float[] other = whole.samples().clone();
        for (int i = 40_000; i < other.length; i++) other[i] = -other[i];
        for (Waveform sound :
                List.of(new Waveform(other, 24_000), new Waveform(Arrays.copyOf(whole.samples(), 50_000), 24_000))) {
            try (CausalEncoder fresh = Lfm3Golden.of("a").encoder()) {
                assertThat(hearing.encode(sound).getFirst()).containsExactly(fresh.encode(sound));
            }
        }
    }
}
