package sparrow.server;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import sparrow.server.http.Call;
import sparrow.server.http.HttpFailure;

/** The server's state: alive, and warm or not. */
final class Readiness {
    private final Supplier<Optional<String>> failure;
    private volatile boolean ready;

    /** @param failure why the model answers nothing any more; empty while it does */
    Readiness(Supplier<Optional<String>> failure) {
        this.failure = failure;
    }

    private record Answer(String status) {}

    void ready() {
        ready = true;
    }

    void closing() {
        ready = false;
    }

    /** {@code GET /healthz}: the process lives, and need not be started again. */
    void live(Call call) throws IOException {
        requireWhole();
        call.sendJson(200, new Answer("ok"));
    }

    /** {@code GET /readyz}: its model is open and warm. */
    void isReady(Call call) throws IOException {
        requireWhole();
        if (!ready) throw HttpFailure.unavailable("the model is warming up, or the server closing");
        call.sendJson(200, new Answer("ok"));
    }

    private void requireWhole() {
        failure.get().ifPresent(line -> {
            throw HttpFailure.broken(line);
        });
    }
}
