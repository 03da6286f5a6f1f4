package sparrow.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensEndpointTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0.5", "24, 12", "4096, 600"})
    void theDurationOfSpeechIsLimitedByTheMemory(long bytes, double seconds) {
        assertThat(TokensEndpoint.maxSeconds(bytes, 2)).isEqualTo(seconds);
    }
}
