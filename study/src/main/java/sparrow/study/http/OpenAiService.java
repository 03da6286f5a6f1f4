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
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final ObjectMapper JSON = new ObjectMapper(StrictJson.factory(100, 100_000));

    private final Endpoint endpoint;
    private final ApiKey key;
    private final Pause pause;
    private final Patience patience;
    // Redirects are disabled because the key would be sent to their target. HTTP/2 is disabled because some small
    // servers fail on the upgrade request.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Waits between two attempts. Tests use another implementation. */
    interface Pause {
        void of(Duration wait) throws InterruptedException;
    }

    OpenAiService(Endpoint endpoint, ApiKey key, Pause pause) {
        this.endpoint = endpoint;
        this.key = key;
        this.pause = pause;
        patience = new Patience(endpoint.retries(), Clock.systemUTC());
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
     * @param reader reader of an answer, called at most once for each attempt
     * @throws InterruptedIOException if the thread is interrupted; its interrupt status remains set
     * @throws IOException if the service cannot be reached, does not answer in time, rejects the request or violates
     *     the protocol, and all retries fail
     */
    public <T> T post(String path, Content content, AnswerReader<T> reader) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(withoutSlash(endpoint.baseUrl()) + "/" + path))
                .header("Authorization", "Bearer " + key.secret())
                .header("Content-Type", content.type())
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofByteArray(content.bytes()))
                .build();
        for (int failures = 1; ; failures++) {
            try {
                return attempt(request, reader);
            } catch (FailedAttempt e) {
                Optional<Duration> wait = patience.waitAfter(e, failures);
                if (wait.isEmpty()) throw refusal(e);
                waitFor(wait.get());
            }
        }
    }

    private static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private <T> T attempt(HttpRequest request, AnswerReader<T> reader) throws FailedAttempt, InterruptedIOException {
        try {
            HttpResponse<String> response = send(request);
            if (response.statusCode() / 100 != 2) throw FailedAttempt.refused(response);
            return reader.read(json(response.body()));
        } catch (UnexpectedAnswerException e) {
            throw new FailedAttempt("answer violates the protocol: " + e.getMessage(), false);
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

    private static JsonNode json(String body) throws UnexpectedAnswerException {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw new UnexpectedAnswerException("expected JSON: " + StrictJson.fault(e));
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
