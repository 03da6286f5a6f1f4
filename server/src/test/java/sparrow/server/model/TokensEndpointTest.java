package sparrow.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensEndpointTest {
    @ParameterizedTest
    @CsvSource({"128, 87", "256, 174", "1024, 600", "65536, 600"})
    void theDurationOfSpeechIsLimitedByTheHeap(long heapMib, long seconds) {
        assertThat(TokensEndpoint.maxSeconds(heapMib << 20, 24_000)).isEqualTo(seconds);
    }
}
