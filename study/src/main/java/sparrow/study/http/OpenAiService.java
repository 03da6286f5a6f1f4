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

/**
 * An OpenAI-compatible service. Requests are repeated as the {@link Endpoint} says. Every failure becomes an
 * {@link IOException} of one line that names the service and quotes at most {@value #QUOTED} characters of its answer,
 * never the key. May be asked by several threads at once.
 */
public final class OpenAiService implements AutoCloseable {
    private static final int QUOTED = 300;
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Endpoint endpoint;
    private final ApiKey key;
    private final Pause pause;
    private final Patience patience;
    // No redirects: the key would go to wherever they lead. No HTTP/2: small servers stumble over the offer of it.
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** How a thread waits between two attempts; a test need not. */
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

    /** Where the service is and how patiently it is asked. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * What is wanted of the answer to one request.
     *
     * @param path below the base URL, such as {@code chat/completions}
     * @param reader may be asked again for every attempt
     * @throws InterruptedIOException if the thread is interrupted, and stays so
     * @throws IOException if the service cannot be reached, does not answer in time, refuses, or answers what the
     *     protocol does not allow, and retries did not help
     */
    public <T> T post(String path, Content content, AnswerReader<T> reader) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(withoutSlash(endpoint.baseUrl()) + "/" + path))
                .header("Authorization", "Bearer " + key.secret())
                .header("Content-Type", content.type())
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofByteArray(content.bytes()))
                .build();
        for (int failures = 1; ; failures++) {
            switch (attempt(request, reader)) {
                case Attempt.Answered<T>(T answer) -> {
                    return answer;
                }
                case Attempt.Failed<T>(Failure failure) -> {
                    Optional<Duration> wait = patience.waitAfter(failure, failures);
                    if (wait.isEmpty()) throw refusal(failure);
                    waitFor(wait.get());
                }
            }
        }
    }

    private sealed interface Attempt<T> {
        record Answered<T>(T answer) implements Attempt<T> {}

        record Failed<T>(Failure failure) implements Attempt<T> {}
    }

    private static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private <T> Attempt<T> attempt(HttpRequest request, AnswerReader<T> reader) throws InterruptedIOException {
        try {
            HttpResponse<String> response = send(request);
            if (response.statusCode() / 100 != 2) {
                Optional<String> retryAfter = response.headers().firstValue("Retry-After");
                return new Attempt.Failed<>(new Failure.Refused(response.statusCode(), retryAfter, response.body()));
            }
            return new Attempt.Answered<>(reader.read(json(response.body())));
        } catch (UnexpectedAnswerException e) {
            return new Attempt.Failed<>(new Failure.Unexpected(e.getMessage()));
        } catch (TimeoutException e) {
            return new Attempt.Failed<>(new Failure.Late());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new Attempt.Failed<>(new Failure.Unreachable(e));
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
            throw new UnexpectedAnswerException("expected JSON: " + e.getOriginalMessage());
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

    /** Without its cause: a stack trace would print what is hidden here. */
    private IOException refusal(Failure failure) {
        return new IOException(endpoint.baseUrl() + ": " + shortLine(key.hideIn(fault(failure))));
    }

    private String fault(Failure failure) {
        return switch (failure) {
            case Failure.Refused(int status, var retryAfter, String body) ->
                "refused with HTTP " + status + ": " + body;
            case Failure.Unexpected(String what) -> "answered what the protocol does not allow: " + what;
            case Failure.Late() -> "did not answer within " + endpoint.timeout().toMillis() / 1000.0 + " s";
            case Failure.Unreachable(ConnectException e) -> "cannot be asked: no connection (" + deepest(e) + ")";
            case Failure.Unreachable(IOException e) -> "cannot be asked: " + deepest(e);
        };
    }

    /** The innermost cause says what happened, the outer ones only where. */
    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String shortLine(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "...";
    }

    @Override
    public void close() {
        client.shutdownNow(); // what is still being asked has no reader any more
    }
}
