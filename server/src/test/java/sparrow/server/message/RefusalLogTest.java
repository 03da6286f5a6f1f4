package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was refused is a line of the log, and no more than that. */
class RefusalLogTest {
    private final List<String> lines = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;
    private final RefusalLog log = new RefusalLog(() -> now, lines::add);

    @Test
    void itSaysWhoseRequestItWasAndWhy() {
        log.log("req_1", "404 model: expected sparrow-tiny, got gpt-4o");

        assertThat(lines).containsExactly("req_1: refused, 404 model: expected sparrow-tiny, got gpt-4o");
    }

    @Test
    void whatAClientSentDoesNotForgeAnotherLine() {
        log.log("req_1", "got a\r\nINFO all is well\u2028\u0085" + "b".repeat(1000));

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("got a??INFO all is well??bb")
                .hasSizeLessThan(500);
    }

    @Test
    void aFloodOfThemIsCutOffAndToldAgainLater() {
        for (int i = 0; i < 1000; i++) log.log("req_" + i, "why");

        assertThat(lines).hasSize(RefusalLog.MAX + 1);
        assertThat(lines.getLast()).contains("others are not logged");
        now += RefusalLog.WITHIN_NANOS + 1;
        log.log("req_later", "why");
        assertThat(lines.getLast()).contains("req_later");
    }
}
