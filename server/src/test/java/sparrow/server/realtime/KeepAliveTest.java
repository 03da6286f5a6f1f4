package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client that is gone without a word is found out. */
class KeepAliveTest {
    private static final long SECOND = 1_000_000_000L;

    private long bytes = 100;
    private final KeepAlive life = new KeepAlive(() -> bytes, Duration.ofSeconds(60));

    private boolean missing(long second, boolean heeded) {
        return life.areMissing(Long.MAX_VALUE - 30 * SECOND + second * SECOND, heeded);
    }

    @Test
    void aMinuteWithoutAByteIsTooLong() {
        assertThat(missing(0, true)).isFalse();
        assertThat(missing(59, true)).isFalse();
        assertThat(missing(60, true)).isTrue();
    }

    @Test
    void everyByteBeginsTheMinuteAnew() {
        assertThat(missing(0, true)).isFalse();
        bytes++;
        assertThat(missing(59, true)).isFalse();
        assertThat(missing(118, true)).isFalse();
        assertThat(missing(119, true)).isTrue();
    }

    @Test
    void silenceThatNobodyHeedsDoesNotCount() {
        assertThat(missing(0, true)).isFalse();
        assertThat(missing(59, false)).isFalse();
        assertThat(missing(118, true)).isFalse();
        assertThat(missing(119, true)).isTrue();
    }
}
