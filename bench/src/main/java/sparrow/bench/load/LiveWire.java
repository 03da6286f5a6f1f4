package sparrow.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Connects a talker for the Realtime protocol to a GPT-Live server. GPT-Live has no events for the start and the end of
 * an answer. In this class, an answer starts with the first audio after a pause, and ends when playback runs dry after
 * the server's usage event.
 */
final class LiveWire implements Wire {
    /** Replacement for the first event of a Realtime server, which a GPT-Live server does not send. */
    static final JsonNode CREATED = event("session.created");

    private static final String START =
            "{\"type\":\"session.start\",\"event_id\":\"session\",\"session\":{\"model\":\"gpt-live-1\","
                    + "\"audio\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":" + Recording.RATE_HZ + "}}}}";

    /**
     * Minimum pause between two answers, during which the talker thinks, asks, and is silent until the server detects
     * the end of the question.
     */
    private static final long PAUSE_NANOS = 900_000_000;

    private final Wire socket;
    private int answers;

    /** Time of the last audio or usage event. */
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
        // In GPT-Live, a client can neither edit the conversation nor truncate an answer.
    }

    @Override
    public List<JsonNode> events(long now, JsonNode event) {
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
            default -> {} // Other events are not measured.
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
