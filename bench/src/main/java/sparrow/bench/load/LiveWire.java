package sparrow.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a talker of Realtime talk over GPT-Live, which has no events for the beginning and the end of an answer. An
 * answer begins with the first sound after a pause, and ends when the playback runs dry after the server's report of
 * use.
 */
final class LiveWire implements Wire {
    /** In place of a server's first event, which GPT-Live does not have. */
    static final JsonNode CREATED = event("session.created");

    private static final String START =
            "{\"type\":\"session.start\",\"event_id\":\"session\",\"session\":{\"model\":\"gpt-live-1\","
                    + "\"audio\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":" + Recording.RATE_HZ + "}}}}";

    /** The shortest pause between two answers: a talker thinks, asks, and is silent until the server notices. */
    private static final long PAUSE_NANOS = 900_000_000;

    private final Wire socket;
    private int answers;

    /** When the last sound or the last report of use came. */
    private long latest = Long.MIN_VALUE;

    LiveWire(Wire socket) {
        this.socket = socket;
    }

    @Override
    public void send(String event) {
        if (event.contains("\"input_audio_buffer.append\"")) {
            socket.send(event.replace("\"input_audio_buffer.append\"", "\"session.input_audio.append\""));
        } else if (event.contains("\"session.update\"")) {
            socket.send(START);
        }
        // The client can neither edit the conversation nor cut it.
    }

    /** Returns the events of Realtime for an event of GPT-Live that came at a time, in nanoseconds. */
    List<JsonNode> realtime(long now, JsonNode event) {
        List<JsonNode> events = new ArrayList<>();
        switch (event.path("type").asText()) {
            case "session.started" -> events.add(event("session.updated"));
            case "session.output_audio.delta" -> {
                begin(now, events);
                events.add(event("response.output_audio.delta")
                        .put("response_id", id())
                        .put("item_id", id())
                        .put("delta", event.path("delta").asText()));
            }
            case "session.usage.updated" -> {
                begin(now, events);
                ObjectNode done = event("response.done");
                done.putObject("response").put("id", id()).put("status", "completed");
                events.add(done);
            }
            case "error" -> events.add(event);
            default -> {} // measures nothing
        }
        return events;
    }

    private void begin(long now, List<JsonNode> events) {
        boolean goesOn = answers > 0 && now - latest < PAUSE_NANOS;
        latest = now;
        if (goesOn) return;
        answers++;
        ObjectNode created = event("response.created");
        created.putObject("response").put("id", id());
        events.add(created);
    }

    private String id() {
        return "answer-" + answers;
    }

    private static ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
