package sparrow.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sparrow.models.Question;

/** What is remembered of recordings has a bound, however short they are. */
class EncodedRecordingCacheTest {
    private static final Question SHORT = new Question.Codes(new int[1]);

    @Test
    void manyShortRecordingsDoNotTakeMoreThanFewLongOnes() {
        EncodedRecordingCache heard = new EncodedRecordingCache(1 << 20);

        for (int i = 0; i < 100_000; i++) heard.remember("recording " + i, SHORT);

        assertThat(heard.size()).isLessThan(5000);
        assertThat(heard.find("recording 99999")).contains(SHORT);
    }

    @Test
    void theLeastRecentlyHeardGoFirst() {
        EncodedRecordingCache heard = new EncodedRecordingCache(3000);
        heard.remember("a", SHORT);
        heard.remember("b", SHORT);
        heard.find("a");

        heard.remember("c", new Question.Codes(new int[600]));

        assertThat(heard.find("a")).isPresent();
        assertThat(heard.find("b")).isEmpty();
    }

    @Test
    void theSameOneCountsOnce() {
        EncodedRecordingCache heard = new EncodedRecordingCache(3000);
        heard.remember("a", SHORT);

        for (int i = 0; i < 100; i++) heard.remember("b", SHORT);

        assertThat(heard.size()).isEqualTo(2);
    }
}
