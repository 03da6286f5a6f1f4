package sparrow.server;

import java.time.Clock;
import sparrow.server.chat.ChatEndpoint;
import sparrow.server.http.Router;
import sparrow.server.reply.Served;

/** Everything that the server answers to. */
final class Routes {
    private Routes() {}

    static Router of(Served served) {
        return new Router().on("POST", "/v1/chat/completions", new ChatEndpoint(served, Clock.systemUTC()));
    }
}
