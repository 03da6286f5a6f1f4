package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.SlowListenerException;

/** A reply that breaks off is a defect, which the log tells more of than the client is told. */
class FailedReplyTest {
    private final Thread own = Thread.currentThread();
    private final List<LogRecord> records = new ArrayList<>();
    private final Logger log = Logger.getLogger("sparrow.server");

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            // Servers of other tests may still be ending.
            if (Thread.currentThread() == own) records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Test
    void theLogHasItUnderTheNameOfTheResponse() {
        Talk talk = new Talk(Talk.UNWATCHED);
        talk.speech(1).silence(0.7);
        talk.model.asking().begin().text("one");
        log.addHandler(handler);
        log.setUseParentHandlers(false);
        try {
            talk.model.asking().fail();
        } finally {
            log.removeHandler(handler);
            log.setUseParentHandlers(true);
        }

        String id = talk.last("response.done").at("/response/id").asText();
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.getMessage()).startsWith(id);
            assertThat(record.getThrown().getMessage())
                    .as("no message, which may quote a client")
                    .isNull();
            assertThat(record.getThrown().getStackTrace()).isNotEmpty();
        });
    }

    @Test
    void aClientThatReadTooSlowlyIsToldSo() {
        Talk talk = new Talk(Talk.UNWATCHED);
        talk.speech(1).silence(0.7);
        talk.model.asking().begin().text("one");

        talk.model.asking().fail(new SlowListenerException());

        assertThat(talk.last("error").at("/error/code").asText()).isEqualTo("response_timeout");
        assertThat(talk.last("response.done").at("/response/status").asText()).isEqualTo("failed");
        assertThat(talk.last("response.done")
                        .at("/response/status_details/error/code")
                        .asText())
                .isEqualTo("response_timeout");
    }
}
