package sparrow.study.http;

import java.net.http.HttpResponse;
import java.util.Optional;

/** One attempt to ask a service brought no answer; the message goes into the line that a person reads. */
final class FailedAttempt extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean passing;
    private final transient Optional<String> retryAfter;

    /**
     * @param passing whether the same request may succeed later
     */
    FailedAttempt(String message, boolean passing) {
        this(message, passing, Optional.empty());
    }

    private FailedAttempt(String message, boolean passing, Optional<String> retryAfter) {
        super(message);
        this.passing = passing;
        this.retryAfter = retryAfter;
    }

    /** An answer that is no success. The list of those that may pass is that of OpenAI's clients. */
    static FailedAttempt refused(HttpResponse<String> response) {
        int status = response.statusCode();
        return new FailedAttempt(
                "refused with HTTP " + status + ": " + response.body(),
                status == 408 || status == 409 || status == 429 || status >= 500,
                response.headers().firstValue("Retry-After"));
    }

    boolean isPassing() {
        return passing;
    }

    /** The header of that name. */
    Optional<String> retryAfter() {
        return retryAfter;
    }
}
