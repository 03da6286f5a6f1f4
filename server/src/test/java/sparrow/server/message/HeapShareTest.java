package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeapShareTest {
    /** The rest is for the model and the server; with the bundled model, they take 20 MB. */
    @ParameterizedTest
    @ValueSource(longs = {256, 1024, 65_536})
    void allSharesTogetherLeaveAnEighthOfTheHeap(long mebibytes) {
        long heap = mebibytes << 20;

        assertThat(Arrays.stream(HeapShare.values())
                        .mapToLong(share -> share.of(heap))
                        .sum())
                .isLessThanOrEqualTo(heap / 8 * 7);
    }

    @ParameterizedTest
    @EnumSource
    void aShareIsGivenOnlyOnce(HeapShare share) {
        long free = share.limit() - share.used();

        assertThat(share.take(free + 1)).isFalse();
        assertThat(share.take(free)).isTrue();
        assertThat(share.take(1)).isFalse();
        assertThat(share.used()).isEqualTo(share.limit());
        share.add(-free);
        assertThat(share.used()).isEqualTo(share.limit() - free);
    }

    @Test
    void onlyAHeapWithoutMemoryIsExhausted() {
        HeapShare.begin();
        HeapShare.report(new IllegalStateException(new OutOfMemoryError("unable to create native thread")));
        assertThat(HeapShare.failure()).isEmpty();

        HeapShare.report(new IllegalStateException(new OutOfMemoryError("Java heap space")));

        assertThat(HeapShare.failure()).isPresent();
        HeapShare.begin();
        assertThat(HeapShare.failure()).isEmpty();
    }
}
