package sparrow.speech.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Golden.STEP;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sparrow.speech.wave.Waveform;

class AudioPiecesTest {
    private static final Pattern ROW = Pattern.compile("\"samples\": (\\d+),\\s*\"chunks\": \\[([^]]*)]");
    private static final Pattern PIECE = Pattern.compile(
            "\"samples\": (\\d+),\\s*\"mel_frames\": (\\d+),\\s*\"x_len\": \\d+,\\s*\"tokens\": (\\d+)");

    @Test
    void haveTheLengthsAndPatchesOfTheOfficialCode() throws IOException {
        String table = Files.readString(STEP.resolve("cases/audio_token_counts.json"));
        int rows = 0;
        for (MatchResult row : ROW.matcher(table).results().toList()) {
            List<List<Integer>> expected = new ArrayList<>();
            for (MatchResult piece : PIECE.matcher(row.group(2)).results().toList()) {
                expected.add(List.of(number(piece, 1), number(piece, 2), number(piece, 3)));
            }

            List<List<Integer>> pieces = AudioPieces.of(new Waveform(new float[number(row, 1)], 16_000)).stream()
                    .map(piece -> List.of(
                            piece.length, AudioPieces.melFrames(piece.length), AudioPieces.patches(piece.length)))
                    .toList();

            assertThat(pieces).as("%s samples", row.group(1)).isEqualTo(expected);
            rows++;
        }

        assertThat(rows).isEqualTo(20);
    }

    private static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }

    @Test
    void areTheSoundCutUpAt16Kilohertz() {
        float[] samples = new float[500_000];
        for (int i = 0; i < samples.length; i++) samples[i] = i;

        List<float[]> pieces = AudioPieces.of(new Waveform(samples, 16_000));

        assertThat(pieces).hasSize(2);
        assertThat(pieces.get(0)).isEqualTo(Arrays.copyOf(samples, 400_000));
        assertThat(pieces.get(1)).isEqualTo(Arrays.copyOfRange(samples, 400_000, 500_000));
        assertThat(AudioPieces.of(new Waveform(new float[24_000], 24_000)))
                .singleElement()
                .satisfies(piece -> assertThat(piece).hasSize(16_000));
    }

    @Test
    void areNoneForNoSamples() {
        assertThat(AudioPieces.of(new Waveform(new float[0], 16_000))).isEmpty();
        assertThat(AudioPieces.patches(0)).isZero();
    }

    @Test
    void havePatchesFrom321SamplesOn() {
        assertThat(AudioPieces.patches(320)).isZero();
        assertThat(AudioPieces.patches(321)).isEqualTo(1);
        assertThatThrownBy(() -> AudioPieces.patches(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("samples: expected 0 or more, got -1");
    }
}
