package sparrow.study.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Determines whether and when a request is retried after a failure. */
final class Patience {
    /** The first wait without a Retry-After header. The wait doubles with each attempt, up to 8 seconds. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private static final Duration MAX_GUESS = Duration.ofSeconds(8);

    /** Maximum wait. A longer Retry-After indicates an exhausted quota, and such a long wait would look like a hang. */
    static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private final int retries;
    private final Clock clock;

    Patience(int retries, Clock clock) {
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Returns the wait before the next attempt, or empty if the request should not be retried.
     *
     * @param failures number of failures so far, including this one
     */
    Optional<Duration> waitAfter(FailedAttempt failure, int failures) {
        if (failures > retries || !failure.isPassing()) return Optional.empty();
        Duration wait = failure.retryAfter().flatMap(this::duration).orElseGet(() -> guess(failures));
        return wait.compareTo(MAX_WAIT) > 0 ? Optional.empty() : Optional.of(wait);
    }

    private static Duration guess(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(MAX_GUESS) < 0 ? wait : MAX_GUESS;
    }

    /** Parses seconds or a date (RFC 9110, section 10.2.3); returns empty for other text. */
    private Optional<Duration> duration(String retryAfter) {
        String text = retryAfter.strip();
        if (text.matches("[0-9]{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        try {
            Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), when);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
