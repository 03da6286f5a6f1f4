package sparrow.server;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.util.component.LifeCycle;
import sparrow.models.SpokenModels;
import sparrow.server.chat.ChatEndpoint;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpFailure;
import sparrow.server.http.Router;
import sparrow.server.http.StaticPage;
import sparrow.server.live.LiveCalls;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.model.ModelsEndpoint;
import sparrow.server.model.QuestionsEndpoint;
import sparrow.server.model.StatusEndpoint;
import sparrow.server.model.TokensEndpoint;
import sparrow.server.realtime.ClientSecrets;
import sparrow.server.realtime.RealtimeCalls;
import sparrow.server.reply.Answering;
import sparrow.server.reply.AudioEncoderService;
import sparrow.server.reply.ServedModel;
import sparrow.server.task.SpeechEndpoint;
import sparrow.server.task.TranscriptionsEndpoint;

/** The server's routes. */
final class Routes {
    private static final String PAGE = "sparrow/server/page";

    /** Path of the Realtime endpoint. */
    static final String REALTIME = "/v1/realtime";

    /** Path of calls over WebRTC. */
    static final String CALLS = REALTIME + "/calls";

    /** Path of the GPT-Live endpoint. */
    static final String LIVE = "/v1/live/sessions";

    /** Path of the telephone endpoint. */
    static final String TWILIO = "/twilio";

    private static final String READY_FOR_REQUESTS = "/readyz/requests";

    /**
     * Paths that need no key, in addition to the page. The sockets and calls check keys themselves: browsers
     * cannot send headers with sockets, and calls accept client secrets.
     */
    private static final Set<String> WITHOUT_KEY =
            Set.of("/healthz", "/readyz", READY_FOR_REQUESTS, REALTIME, CALLS, LIVE, TWILIO);

    /** Paths that are answered even while the server closes; all other requests are then rejected. */
    private static final Set<String> WHILE_CLOSING = Set.of("/healthz", "/readyz", READY_FOR_REQUESTS, "/metrics");

    private Routes() {}

    /** Returns whether the server answers requests for a path while it closes. */
    static boolean answersWhileClosing(String path) {
        return path != null && WHILE_CLOSING.contains(path);
    }

    /** Returns a predicate that tests whether a path needs no key. */
    static Predicate<String> open(ServerOptions options) {
        return path -> WITHOUT_KEY.contains(path)
                || path.startsWith(CALLS + "/")
                || StaticPage.couldServe(path)
                || (path.equals("/metrics") && options.openMetrics);
    }

    static Router of(
            ServedModel served,
            ServerMetrics metrics,
            Readiness readiness,
            ClientSecrets secrets,
            RealtimeCalls calls,
            LiveCalls liveCalls,
            ServerOptions options,
            Clock clock) {
        List<SpokenModels.SampleQuestion> questions = options.questions;
        ModelsEndpoint models = new ModelsEndpoint(served);
        Answering answering = new Answering(served, metrics, options.log);
        AudioEncoderService encoder = new AudioEncoderService(served.model());
        ChatEndpoint chat = new ChatEndpoint(served, answering, encoder, clock);
        StaticPage page = new StaticPage(Routes.class.getClassLoader(), PAGE);
        Router router = new Router();
        router.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopped(LifeCycle event) {
                chat.close();
                encoder.close();
            }
        });
        return router.otherwise(page)
                .on("GET", "/healthz", readiness::live)
                .on("GET", "/readyz", readiness::isReady)
                .on("GET", READY_FOR_REQUESTS, readiness::acceptsRequests)
                .on("GET", "/metrics", call -> call.send(200, ServerMetrics.CONTENT_TYPE, metrics.text()))
                .on("GET", "/v1/models", models::list)
                .on("GET", "/v1/models/*", models::one)
                .on("POST", "/v1/chat/completions", chat)
                // WebSocket handshakes on these paths do not reach these routes.
                .on("GET", REALTIME, needsSocket())
                .on("GET", LIVE, needsSocket())
                .on("GET", TWILIO, needsSocket())
                .on("POST", LIVE, liveCalls)
                .on("POST", CALLS, calls::create)
                .on("POST", CALLS + "/*", calls::hangUp)
                .on("POST", REALTIME + "/client_secrets", call -> call.sendJson(200, call.json(secrets::create)))
                .on("POST", "/v1/audio/transcriptions", new TranscriptionsEndpoint(served, answering, encoder))
                .on("POST", "/v1/audio/speech", new SpeechEndpoint(served, answering))
                .on("POST", "/sparrow/v1/tokens", new TokensEndpoint(served))
                .on(
                        "GET",
                        "/sparrow/v1/status",
                        new StatusEndpoint(
                                served,
                                metrics::depthSaved,
                                questions,
                                calls.port().isPresent()))
                .on("GET", "/sparrow/v1/questions/*", new QuestionsEndpoint(questions));
    }

    private static Endpoint needsSocket() {
        return call -> {
            call.header("upgrade", "websocket");
            throw HttpFailure.refused(426, "upgrade_required", "address: expected a WebSocket");
        };
    }
}
