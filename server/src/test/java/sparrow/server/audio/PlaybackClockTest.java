package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlaybackClockTest {
    private static final long MS = 1_000_000;

    /** Anywhere: only differences count, and they may wrap. */
    private static final long START = Long.MAX_VALUE - 1_500 * MS;

    private final PlaybackClock clock = new PlaybackClock(24_000);

    private static long at(long ms) {
        return START + ms * MS;
    }

    @Test
    void nothingSentIsNothingPlayedAndNothingLate() {
        assertThat(clock.playedMillis(at(0))).isZero();
        assertThat(clock.unplayedSeconds(at(0))).isZero();
        assertThatThrownBy(clock::end).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new PlaybackClock(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void soundIsPlayedFromTheMomentItWasSent() {
        clock.sent(at(0), 24_000);
        clock.sent(at(10), 24_000); // ahead of the playback

        assertThat(clock.end() - at(0)).isEqualTo(2_000 * MS);
        assertThat(clock.playedMillis(at(0))).isZero();
        assertThat(clock.playedMillis(at(1_700))).isEqualTo(1_700);
        assertThat(clock.playedSamples(at(1_700))).isEqualTo(40_800);
        assertThat(clock.unplayedSeconds(at(1_700))).isEqualTo(0.3);
        assertThat(clock.playedMillis(at(9_000))).isEqualTo(2_000);
        assertThat(clock.unplayedSeconds(at(9_000))).isZero();
        assertThat(clock.longestUnderrunSeconds()).isZero();
    }

    @Test
    void aGapShiftsWhatComesBehindIt() {
        clock.sent(at(0), 2_400);
        clock.sent(at(150), 2_400); // 50 ms late
        clock.sent(at(250), 2_400); // just in time
        clock.sent(at(370), 2_400); // 20 ms late

        assertThat(clock.longestUnderrunSeconds()).isEqualTo(0.05);
        assertThat(clock.end() - at(0)).isEqualTo(470 * MS);
        assertThat(clock.playedMillis(at(380))).isEqualTo(310);
        assertThat(clock.playedMillis(at(470))).isEqualTo(400);
    }

    @Test
    void theEndOfAReplyIsNoUnderrunAndNothingIsNotSound() {
        clock.sent(at(0), 2_400);
        clock.sent(at(900), 0);

        assertThat(clock.longestUnderrunSeconds()).isZero();
        assertThat(clock.unplayedSeconds(at(900))).isZero();
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    /** Against a listener that plays sample by sample. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithAListenerThatCountsSamples(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PlaybackClock at1kHz = new PlaybackClock(1_000); // a sample a millisecond
        long sent = 0;
        long played = 0;
        long gap = 0;
        long longest = 0;
        for (int ms = 0; ms < 2_000; ms++) {
            if (random.nextInt(50) == 0) {
                int count = random.nextInt(1, 100);
                at1kHz.sent(ms * MS, count);
                longest = sent > 0 ? Math.max(longest, gap) : 0;
                gap = 0;
                sent += count;
            }
            assertThat(at1kHz.playedSamples(ms * MS)).isEqualTo(played);
            assertThat(at1kHz.unplayedSeconds(ms * MS)).isCloseTo((sent - played) / 1e3, within(1e-9));
            if (played < sent) played++;
            else gap++;
        }
        assertThat(at1kHz.longestUnderrunSeconds()).isCloseTo(longest / 1e3, within(1e-9));
    }
}
