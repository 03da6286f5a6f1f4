package sparrow.server.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;
import sparrow.server.live.LiveProtocol.LiveModel;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.CallConnection;
import sparrow.server.realtime.RealtimeCalls;
import sparrow.server.realtime.RealtimeSessions;

/**
 * Handles {@code POST /v1/live/sessions}: answers the offer of a GPT-Live session over WebRTC, which starts with the
 * request's settings when its data channel opens.
 *
 * @param lead the maximum duration of speech in a call's track before it is sent
 */
public record LiveCalls(RealtimeSessions sessions, RealtimeCalls calls, Duration lead) implements Endpoint {
    /** Maximum length of the settings, which wait for the session. */
    private static final int MAX_SETTINGS = 1 << 20;

    private record Creation(LiveSettings session, Transport transport) {
        Creation {
            Check.required("session", session);
            Check.required("transport", transport);
            if (session.format() != RealtimeFormat.PCM) {
                throw RefusedException.unsupported("session.audio.format", "calls use Opus; expected no format");
            }
        }
    }

    private record Transport(String type, String sdp) {
        Transport {
            if (!Check.required("type", type).equals("webrtc")) {
                throw RefusedException.mismatch("type", "webrtc", Json.brief(type));
            }
            Check.required("sdp", sdp);
        }
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        calls.require(exchange);
        LiveModel model = LiveModel.of(sessions.served());
        exchange.sendJson(201, exchange.json(body -> {
            String start = Json.text(LiveServerEvent.object("session.start").set("session", body.path("session")));
            if (start.length() > MAX_SETTINGS) {
                throw RefusedException.mismatch("session", "at most " + MAX_SETTINGS + " characters", start.length());
            }
            Creation creation = Json.STRICT.read(body, Creation.class);
            creation.session().caution(model); // refuses another model
            sessions.checked(creation.session().config(model));
            CallConnection connection = sessions.callConnection(exchange.clientAddress());
            String id = LiveEndpoint.ofCall(sessions, model, lead, connection);
            String sdp = calls.answer(creation.transport().sdp(), connection);
            // The settings wait for the session as its first event. The client cannot connect before it is answered.
            if (!connection.add(start)) throw HttpFailure.busy("too many settings of calls are waiting");
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.putObject("session").put("id", id);
            answer.putObject("transport").put("type", "webrtc").put("sdp", sdp);
            return answer;
        }));
    }
}
