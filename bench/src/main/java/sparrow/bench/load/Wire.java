package sparrow.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A connection that sends a talker's events. */
interface Wire {
    void send(String event);

    /**
     * Converts a server event to events of the Realtime protocol.
     *
     * @param now arrival time of the event, in nanoseconds
     */
    default List<JsonNode> events(long now, JsonNode event) {
        return List.of(event);
    }
}
