package sparrow.server;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.eclipse.jetty.server.handler.GracefulHandler;
import sparrow.server.http.Access;
import sparrow.server.http.Gate;
import sparrow.server.http.HttpPort;
import sparrow.server.reply.Served;

/**
 * A server that answers over HTTP: Chat Completions as OpenAI's clients speak them. Closing it lets replies under way end;
 * model and pool stay open, and their owner closes them afterwards.
 */
public final class SparrowServer implements AutoCloseable {
    private final ServerOptions options;
    private final HttpPort port;

    private SparrowServer(ServerOptions options, HttpPort port) {
        this.options = options;
        this.port = port;
    }

    /**
     * Listens, and answers from now on.
     *
     * @throws IOException if it cannot listen there
     */
    public static SparrowServer start(Served served, ServerOptions options) throws IOException {
        HttpPort port = HttpPort.create(options.host(), options.port(), options.stalled(), options.patience());
        Access access = new Access(options.apiKey(), options.allowedOrigins(), options.host());
        port.start(new GracefulHandler(new Gate(access, Set.of(), Routes.of(served))));
        return new SparrowServer(options, port);
    }

    /** Where it listens, such as {@code http://127.0.0.1:8080}. */
    public URI address() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create("http://" + host + ":" + port.port());
    }

    /** Takes no new requests, waits for replies under way as long as its options say, and ends. */
    @Override
    public void close() {
        port.close();
    }
}
