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
 * An OpenAI-compatible service. Requests are repeated as the {@link Endpoint} says. Every failure becomes an
 * {@link IOException} of one line that names the service and quotes at most {@value #QUOTED} characters of its answer,
 * never the key. May be asked by several threads at once.
 */
public final class OpenAiService implements AutoCloseable {
    private static final int QUOTED = 300;
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper(StrictJson.factory(100, 100_000));

    private final Endpoint endpoint;
    private final ApiKey key;
    private final Pause pause;
    private final Patience patience;
    // No redirects: the key would go to wherever they lead. No HTTP/2: small servers stumble over the offer of it.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The wait of a thread between two attempts; a test need not wait. */
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
     * A service with the key of the environment; nothing is sent yet.
     *
     * @throws IllegalArgumentException if the environment lacks a key that is needed
     */
    public static OpenAiService open(Endpoint endpoint) {
        return new OpenAiService(endpoint, ApiKey.fromEnvironment(endpoint), Thread::sleep);
    }

    /** The service's address, and the patience with it. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends a request, and reads the wanted part of the answer.
     *
     * @param path path relative to the base URL, such as {@code chat/completions}
     * @param reader reader of an answer, called at most once for each attempt
     * @throws InterruptedIOException if the thread is interrupted; its interrupt status remains set
     * @throws IOException if the service cannot be reached, does not answer in time, rejects the request or violates
     *     the protocol, and no retry succeeds
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
            throw new FailedAttempt("answered what the protocol does not allow: " + e.getMessage(), false);
        } catch (TimeoutException e) {
            throw new FailedAttempt(
                    "did not answer within " + endpoint.timeout().toMillis() / 1000.0 + " s", true);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (ConnectException e) {
            throw new FailedAttempt("cannot be asked: no connection (" + deepest(e) + ")", true);
        } catch (IOException e) {
            throw new FailedAttempt("cannot be asked: " + deepest(e), true);
        }
    }

    /** To the last byte: the timeout of java.net.http itself ends with the first one. */
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
            throw new InterruptedIOException(endpoint.baseUrl() + ": interrupted while waiting to ask again");
        }
    }

    /** Without its cause: a stack trace would print the key, which is hidden here. */
    private IOException refusal(FailedAttempt failure) {
        return new IOException(endpoint.baseUrl() + ": " + shortLine(key.hideIn(failure.getMessage())));
    }

    /** The innermost cause: it has the reason, the outer ones only the place. */
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
        client.shutdownNow(); // what is still being asked has no reader any more
    }
}
