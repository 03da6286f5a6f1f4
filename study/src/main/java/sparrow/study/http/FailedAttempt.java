package sparrow.study.http;

import java.net.http.HttpResponse;
import java.util.Optional;

/** Thrown if an attempt to call a service fails. The message is part of the line shown to the user. */
final class FailedAttempt extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean passing;
    private final transient Optional<String> retryAfter;

    /**
     * Creates an exception.
     *
     * @param passing whether the same request might succeed later
     */
    FailedAttempt(String message, boolean passing) {
        this(message, passing, Optional.empty());
    }

    private FailedAttempt(String message, boolean passing, Optional<String> retryAfter) {
        super(message);
        this.passing = passing;
        this.retryAfter = retryAfter;
    }

    /** Creates the exception for an error response. The list of temporary errors is taken from OpenAI's clients. */
    static FailedAttempt refused(HttpResponse<String> response) {
        int status = response.statusCode();
        return new FailedAttempt(
                "rejected with HTTP " + status + ": " + response.body(),
                status == 408 || status == 409 || status == 429 || status >= 500,
                response.headers().firstValue("Retry-After"));
    }

    boolean isPassing() {
        return passing;
    }

    Optional<String> retryAfter() {
        return retryAfter;
    }
}
