package sparrow.server;

import java.io.IOException;
import java.time.Duration;
import sparrow.server.http.Call;
import sparrow.server.http.HttpFailure;

/** Whether the server answers as fast as it can. */
final class Readiness {
    private volatile boolean ready;

    private record Answer(String status) {}

    void ready() {
        ready = true;
    }

    void closing() {
        ready = false;
    }

    /** {@code GET /healthz}: the process lives. */
    void live(Call call) throws IOException {
        call.sendJson(200, new Answer("ok"));
    }

    /** {@code GET /readyz}: its model is open and warm. */
    void isReady(Call call) throws IOException {
        if (!ready)
            throw HttpFailure.unavailable("the model is warming up, or the server closing", Duration.ofSeconds(1));
        call.sendJson(200, new Answer("ok"));
    }
}
