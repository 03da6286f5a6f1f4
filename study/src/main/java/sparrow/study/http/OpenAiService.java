package sparrow.study.http;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.LogLevel;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * An OpenAI-compatible service behind OpenAI's own client. Requests are repeated as the {@link Endpoint} says. Every
 * failure becomes an {@link IOException} of one line that names the service and quotes at most {@value #QUOTED}
 * characters of its answer, never the key. May be asked by several threads at once.
 */
public final class OpenAiService implements AutoCloseable {
    private static final int QUOTED = 300;

    private final Endpoint endpoint;
    private final ApiKey key;
    private final Pause pause;
    private final Patience patience;
    private final OpenAIClient client;

    /** How a thread waits between two attempts; a test need not. */
    interface Pause {
        void of(Duration wait) throws InterruptedException;
    }

    OpenAiService(Endpoint endpoint, ApiKey key, Pause pause) {
        this.endpoint = endpoint;
        this.key = key;
        this.pause = pause;
        patience = new Patience(endpoint.retries(), Clock.systemUTC());
        client = OpenAIOkHttpClient.builder()
                .baseUrl(endpoint.baseUrl().toString())
                .apiKey(key.secret())
                .timeout(endpoint.timeout())
                .maxRetries(0)
                .logLevel(LogLevel.OFF)
                .build();
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
     * The result of one request, and of reading from its answer what is wanted: OpenAI's client checks values when they
     * are read, so that the function must read all it needs. It runs again for every attempt.
     *
     * @throws IOException if the service cannot be reached, does not answer in time, refuses, or answers what the
     *     protocol does not allow, and retries did not help
     */
    public <T> T ask(Function<OpenAIClient, T> request) throws IOException {
        for (int failures = 1; ; failures++) {
            try {
                return request.apply(client);
            } catch (OpenAIException e) {
                Optional<Duration> wait = patience.waitAfter(e, failures);
                if (wait.isEmpty()) throw refusal(e);
                waitFor(wait.get());
            }
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
    private IOException refusal(OpenAIException failure) {
        return new IOException(endpoint.baseUrl() + ": " + shortLine(key.hideIn(fault(failure))));
    }

    private String fault(OpenAIException failure) {
        return switch (failure) {
            case OpenAIServiceException refusal -> "refused with HTTP " + refusal.statusCode() + ": " + refusal.body();
            case OpenAIInvalidDataException invalid -> "answered what the protocol does not allow: " + deepest(invalid);
            default ->
                isTimeout(failure)
                        ? "did not answer within " + endpoint.timeout().toMillis() / 1000.0 + " s"
                        : "cannot be asked: " + deepest(failure);
        };
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedIOException) return true; // SocketTimeoutException is one
        }
        return false;
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
        client.close();
    }
}
