package sparrow.bench.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Creates the events that a talker sends in addition to audio. */
public final class ClientEvents {
    public static final String COMMIT =
            event("input_audio_buffer.commit", "commit").toString();

    public static final String CREATE = event("response.create", "create").toString();

    private ClientEvents() {}

    /** Returns a session update for speech input and output at the protocol's sample rate. */
    public static String session(TurnTaking turnTaking) {
        ObjectNode update = event("session.update", "session");
        ObjectNode session = update.putObject("session").put("type", "realtime");
        session.putArray("output_modalities").add("audio");
        ObjectNode audio = session.putObject("audio");
        ObjectNode input = audio.putObject("input");
        format(input);
        switch (turnTaking) {
            case MANUAL -> input.putNull("turn_detection");
            case SERVER_VAD -> input.putObject("turn_detection").put("type", "server_vad");
        }
        format(audio.putObject("output"));
        return update.toString();
    }

    static String cancel(String response) {
        return event("response.cancel", "cancel").put("response_id", response).toString();
    }

    static String truncate(String item, long audioEndMs) {
        return event("conversation.item.truncate", "truncate")
                .put("item_id", item)
                .put("content_index", 0)
                .put("audio_end_ms", audioEndMs)
                .toString();
    }

    static String delete(String item) {
        return event("conversation.item.delete", "delete").put("item_id", item).toString();
    }

    private static void format(ObjectNode side) {
        side.putObject("format").put("type", "audio/pcm").put("rate", Recording.RATE_HZ);
    }

    /**
     * Creates an event of the given type.
     *
     * @param id id by which an error event refers to this event
     */
    private static ObjectNode event(String type, String id) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", id);
    }
}
