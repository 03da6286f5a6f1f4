package sparrow.server.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
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
    void onlyTheServersOwnWordsAreLogged() {
        assertThat(RefusalLog.words("model_not_found", "model", "model: expected sparrow-tiny, got secret"))
                .isEqualTo("model_not_found model");
        assertThat(RefusalLog.words("unknown_parameter", "secret", "secret: unknown parameter"))
                .isEqualTo("unknown_parameter");
        assertThat(RefusalLog.words("request_too_large", null, "body: expected at most 9 bytes, found more"))
                .isEqualTo("request_too_large, body: expected at most 9 bytes, found more");
    }

    /** For instance, that of a number that cannot be parsed quotes it. */
    @Test
    void theMessagesOfExceptionsAreNot() {
        List<Throwable> thrown = new ArrayList<>();
        Logger logger = Logger.getLogger("sparrow.server");
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord line) {
                thrown.add(line.getThrown());
            }
        };
        logger.addHandler(handler);
        try {
            RefusalLog.defect(
                    "req_1: failed", new IllegalStateException("a secret", new OutOfMemoryError("Java heap")));
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(thrown.getFirst())
                .hasToString("java.lang.IllegalStateException")
                .hasMessage(null)
                .cause()
                .hasToString("java.lang.OutOfMemoryError: Java heap");
        assertThat(thrown.getFirst().getStackTrace()[0].getMethodName()).isEqualTo("theMessagesOfExceptionsAreNot");
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
