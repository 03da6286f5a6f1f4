package sparrow.study.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The rule of asking again after a failure. */
final class Patience {
    /** Without a Retry-After: half a second, then twice as long each time, up to 8 seconds. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private static final Duration LONGEST_GUESS = Duration.ofSeconds(8);

    /** Longest wait. A longer Retry-After means that the quota is used up; waiting that long would look like a hang. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final int retries;
    private final Clock clock;

    Patience(int retries, Clock clock) {
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * The wait before the request is sent again; empty if it should not be.
     *
     * @param failures so far, this one included
     */
    Optional<Duration> waitAfter(FailedAttempt failure, int failures) {
        if (failures > retries || !failure.isPassing()) return Optional.empty();
        Duration wait = failure.retryAfter().flatMap(this::duration).orElseGet(() -> guess(failures));
        return wait.compareTo(LONGEST_WAIT) > 0 ? Optional.empty() : Optional.of(wait);
    }

    private static Duration guess(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_GUESS) < 0 ? wait : LONGEST_GUESS;
    }

    /** Seconds or a date (RFC 9110, section 10.2.3); empty if it is neither. */
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
