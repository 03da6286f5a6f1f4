package sparrow.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** All times in milliseconds here; the player counts nanoseconds. */
class PlaybackTest {
    private static final long MS = 1_000_000;

    private final Playback playback = new Playback();

    private void accept(long at, long lasting) {
        playback.accept(at * MS, lasting * MS);
    }

    private long playedMs(long at) {
        return playback.played(at * MS) / MS;
    }

    @Test
    void soundThatComesInTimeIsPlayedWithoutAPause() {
        accept(1000, 500);
        accept(1400, 500);
        playback.complete(1450 * MS);

        assertThat(playedMs(1000)).isZero();
        assertThat(playedMs(1700)).isEqualTo(700);
        assertThat(playback.isOver(1999 * MS)).isFalse();
        assertThat(playback.isOver(2000 * MS)).isTrue();
        assertThat(playedMs(5000)).isEqualTo(1000);
        assertThat(playback.underruns()).isZero();
    }

    @Test
    void everyPauseIsCountedAndTheLongestKept() {
        accept(0, 200);
        accept(230, 100); // 30 ms late
        accept(500, 100); // 170 ms late
        accept(590, 100);
        playback.complete(700 * MS);

        assertThat(playback.underruns()).isEqualTo(2);
        assertThat(playback.longestGap()).isEqualTo(170 * MS);
        assertThat(playback.dryAt()).isEqualTo(700 * MS);
        assertThat(playedMs(240)).isLessThanOrEqualTo(playedMs(700)).isLessThan(500);
    }

    @Test
    void whatIsShorterThanItsStartWaitsForMoreOrForTheEnd() {
        accept(0, 40);
        assertThat(playedMs(100)).isZero();
        assertThat(playback.isOver(100 * MS)).isFalse();

        playback.complete(120 * MS);

        assertThat(playback.isOver(159 * MS)).isFalse();
        assertThat(playback.isOver(160 * MS)).isTrue();
        assertThat(playback.underruns()).isZero();
    }

    @Test
    void silenceAfterTheEndIsNoPause() {
        accept(0, 200);
        playback.complete(900 * MS);

        assertThat(playback.underruns()).isZero();
    }

    @Test
    void whatIsStoppedWasHeardUpToThen() {
        accept(0, 1000);

        playback.stop(300 * MS);
        accept(400, 1000);

        assertThat(playedMs(2000)).isEqualTo(300);
        assertThat(playback.isOver(300 * MS)).isTrue();
    }
}
