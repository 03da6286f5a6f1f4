package sparrow.server.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.realtime.Protocol.Frame;

/** Builds the events that the server sends. */
final class LiveServerEvent {
    private LiveServerEvent() {}

    /** Returns a JSON object with the given type. */
    static ObjectNode object(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** Returns an event with an id. All events except audio have an id. */
    static ObjectNode of(String type) {
        return object(type).put("event_id", Ids.UNGUESSABLE.next("event_"));
    }

    /** Returns part of a transcript. The times are in milliseconds since the session's start. */
    static ObjectNode transcript(String type, String delta, long startMs, long endMs) {
        return of(type).put("delta", delta).put("start_ms", startMs).put("end_ms", endMs);
    }

    static Frame frame(ObjectNode event) {
        return new Frame(Json.text(event), null, Duration.ZERO);
    }
}
