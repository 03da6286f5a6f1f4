package sparrow.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A connection that sends a talker's events. */
interface Wire {
    void send(String event);

    /** Converts a server event that arrived at a time, in nanoseconds, to events of the Realtime protocol. */
    default List<JsonNode> events(long now, JsonNode event) {
        return List.of(event);
    }
}
