package sparrow.study.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import sparrow.formats.Printable;
import sparrow.formats.StrictJson;

/**
 * An OpenAI-compatible service. Requests are retried as specified by the {@link Endpoint}. Every failure is reported as
 * an {@link IOException} with a one-line message, which contains the service's name and at most {@value #QUOTED}
 * characters of its answer, but never the key. Thread-safe.
 */
public final class OpenAiService implements AutoCloseable {
    private static final int QUOTED = 300;
    private static final int MAX_ANSWER_BYTES = 16 << 20;

    /** The first wait without a Retry-After header. The wait doubles with each attempt, up to 8 seconds. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private static final Duration MAX_GUESS = Duration.ofSeconds(8);

    /** Maximum wait. A longer Retry-After indicates an exhausted quota, and such a long wait would look like a hang. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);

    private static final ObjectMapper JSON = new ObjectMapper(StrictJson.factory(100, 100_000));

    private final Endpoint endpoint;
    private final ApiKey key;
    private final Pause pause;
    // Redirects are disabled because the key would be sent to their target. HTTP/2 is disabled because some small
    // servers fail on the upgrade request.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Waits between two attempts. Tests use another implementation. */
    interface Pause {
        void of(Duration wait) throws InterruptedException;
    }

    /** A failed attempt to call the service. The message is part of the line shown to the user. */
    private static final class FailedAttempt extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean retryable;
        private final transient Optional<String> retryAfter;

        /** @param retryable whether the same request might succeed later */
        FailedAttempt(String message, boolean retryable) {
            this(message, retryable, Optional.empty());
        }

        private FailedAttempt(String message, boolean retryable, Optional<String> retryAfter) {
            super(message);
            this.retryable = retryable;
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
    }

    OpenAiService(Endpoint endpoint, ApiKey key, Pause pause) {
        this.endpoint = endpoint;
        this.key = key;
        this.pause = pause;
    }

    /**
     * Creates a client with the key from the environment, without sending a request.
     *
     * @throws IllegalArgumentException if a required key is missing from the environment
     */
    public static OpenAiService open(Endpoint endpoint) {
        return new OpenAiService(endpoint, ApiKey.fromEnvironment(endpoint), Thread::sleep);
    }

    /** Returns the service's address, timeout and retries. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends a request, and returns the value that the reader extracts from the answer.
     *
     * @param path path relative to the base URL, such as {@code chat/completions}
     * @param type content type of the body
     * @param reader function that extracts a value from an answer, called at most once for each attempt; throws an
     *     {@link IllegalArgumentException} if the answer does not contain the value, with the key in its message
     * @throws InterruptedIOException if the thread is interrupted; its interrupt status remains set
     * @throws IOException if the service cannot be reached, does not answer in time, rejects the request or violates
     *     the protocol, and all retries fail
     */
    public <T> T post(String path, String type, byte[] body, Function<JsonNode, T> reader) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(withoutSlash(endpoint.baseUrl()) + "/" + path))
                .header("Authorization", "Bearer " + key.secret())
                .header("Content-Type", type)
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        for (int failures = 1; ; failures++) {
            try {
                return attempt(request, reader);
            } catch (FailedAttempt e) {
                Optional<Duration> wait = waitAfter(e, failures);
                if (wait.isEmpty()) throw refusal(e);
                waitFor(wait.get());
            }
        }
    }

    private static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private <T> T attempt(HttpRequest request, Function<JsonNode, T> reader)
            throws FailedAttempt, InterruptedIOException {
        try {
            HttpResponse<String> response = send(request);
            if (response.statusCode() / 100 != 2) throw FailedAttempt.refused(response);
            return value(response.body(), reader);
        } catch (TimeoutException e) {
            throw new FailedAttempt(
                    "did not answer within " + endpoint.timeout().toMillis() / 1000.0 + " s", true);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (ConnectException e) {
            throw new FailedAttempt("cannot be reached: no connection (" + deepest(e) + ")", true);
        } catch (IOException e) {
            throw new FailedAttempt("cannot be reached: " + deepest(e), true);
        }
    }

    /**
     * Sends a request with a timeout for the complete answer; the timeout of java.net.http ends with the first byte.
     */
    private HttpResponse<String> send(HttpRequest request) throws IOException, TimeoutException {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER_BYTES));
        try {
            return response.get(endpoint.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(endpoint.baseUrl() + ": interrupted while waiting for the answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private static <T> T value(String body, Function<JsonNode, T> reader) throws FailedAttempt {
        try {
            return reader.apply(JSON.readTree(body));
        } catch (JacksonException e) {
            throw new FailedAttempt("answer violates the protocol: expected JSON: " + StrictJson.fault(e), false);
        } catch (IllegalArgumentException e) {
            throw new FailedAttempt("answer violates the protocol: " + e.getMessage(), false);
        }
    }

    /**
     * Returns the wait before the next attempt, or empty if the request should not be retried.
     *
     * @param failures number of failures so far, including this one
     */
    private Optional<Duration> waitAfter(FailedAttempt failure, int failures) {
        if (failures > endpoint.retries() || !failure.retryable) return Optional.empty();
        Duration guess = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        return failure.retryAfter
                .flatMap(OpenAiService::duration)
                .or(() -> Optional.of(guess.compareTo(MAX_GUESS) < 0 ? guess : MAX_GUESS))
                .filter(wait -> wait.compareTo(MAX_WAIT) <= 0);
    }

    /** Parses seconds or a date (RFC 9110, section 10.2.3); returns empty for other text. */
    private static Optional<Duration> duration(String retryAfter) {
        String text = retryAfter.strip();
        if (text.matches("[0-9]{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        try {
            ZonedDateTime when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(Instant.now(), when);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private void waitFor(Duration wait) throws InterruptedIOException {
        try {
            pause.of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(endpoint.baseUrl() + ": interrupted while waiting to retry");
        }
    }

    /** Creates the exception without its cause, because a stack trace would print the key. */
    private IOException refusal(FailedAttempt failure) {
        return new IOException(endpoint.baseUrl() + ": " + shortLine(key.hideIn(failure.getMessage())));
    }

    /**
     * Returns the message of the innermost cause, which contains the reason; outer causes only describe the context.
     */
    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String shortLine(String text) {
        String line = Printable.line(text.replaceAll("\\s+", " ").strip());
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "...";
    }

    @Override
    public void close() {
        client.shutdownNow(); // No caller waits for the remaining requests.
    }
}
