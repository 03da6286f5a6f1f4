package sparrow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

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
