package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.speech.wave.Waveform;

class RecordingTest {
    @Test
    void piecesAreTenthsOfASecondOf16BitsAtTheProtocolsRate() throws Exception {
        float[] samples = new float[2600];
        Arrays.fill(samples, -0.5f);

        Recording recording = Recording.of(new Waveform(samples, 24_000));

        assertThat(recording.appends()).hasSize(2);
        JsonNode last = new ObjectMapper().readTree(recording.appends().getLast());
        byte[] pcm = Base64.getDecoder().decode(last.path("audio").asText());
        assertThat(last.path("type").asText()).isEqualTo("input_audio_buffer.append");
        assertThat(pcm).hasSize(4800);
        assertThat(new byte[] {pcm[398], pcm[399], pcm[400], pcm[401]}).containsExactly(0, (byte) 0xC0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 4800})
    void theLengthOfSoundIsThatOfItsBase64(int bytes) {
        String base64 = Base64.getEncoder().encodeToString(new byte[bytes]);

        assertThat(Recording.nanos(base64)).isEqualTo(bytes / 2 * 1_000_000_000L / 24_000);
    }

    @Test
    void otherRatesAreResampled() {
        assertThat(Recording.of(new Waveform(new float[16_000], 16_000)).appends())
                .hasSize(10);
    }

    @Test
    void speechEndsWithTheLastLoudSample() {
        float[] samples = new float[48_000];
        Arrays.fill(samples, 0, 24_000, 0.8f);
        Arrays.fill(samples, 24_000, 48_000, 0.001f);

        assertThat(Recording.of(new Waveform(samples, 24_000)).speechNanos()).isEqualTo(1_000_000_000L);
    }
}
