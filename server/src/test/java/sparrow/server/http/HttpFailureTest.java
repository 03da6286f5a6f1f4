package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** What is refused elsewhere has the status of its kind. */
class HttpFailureTest {
    @Test
    void tooMuchIsToldToComeAgain() {
        HttpFailure failure = HttpFailure.refused(new RefusedException("rate_limit_exceeded", null, "too many"));

        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.retryAfter()).isPresent();
        assertThat(failure.body().error().type()).isEqualTo("rate_limit_error");
    }

    /** Stock clients repeat a request after exactly the time in the headers. */
    @Test
    void thoseWhoAreRefusedTogetherReturnAtDifferentTimes() {
        Set<Long> times = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            HttpFields.Mutable headers = HttpFields.build();
            HttpFailure.busy("full").putRetry(headers);
            long millis = headers.getLongField("retry-after-ms");
            times.add(millis);
            assertThat(millis).isBetween(1000L, 3000L);
            assertThat(headers.getLongField("retry-after")).isEqualTo(Math.ceilDiv(millis, 1000));
        }
        assertThat(times).hasSizeGreaterThan(50);
    }

    @Test
    void aRequestThatComesWhileTheServerEndsIsToldSo() {
        assertThat(Json.text(PlainErrors.failure(503).body())).contains("\"code\":\"unavailable\"", "closing");
    }

    @Test
    void whatCannotBeDoneIsNotToBeRepeated() {
        HttpFailure failure = HttpFailure.refused(RefusedException.value("seed", "seed: expected a number"));

        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.retryAfter()).isEmpty();
        assertThat(failure.body().error().param()).isEqualTo("seed");
    }
}
