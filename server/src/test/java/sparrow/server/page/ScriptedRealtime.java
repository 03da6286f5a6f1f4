package sparrow.server.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.WebSocketRoute;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;

/** The server's end of the page's WebSocket: opens a session, keeps what the page sends, and says what a test tells it to. */
final class ScriptedRealtime {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIRE_HZ = 24_000;

    private final List<JsonNode> sent = new ArrayList<>();
    private final List<WebSocketRoute> sockets = new ArrayList<>();
    private BiConsumer<String, JsonNode> answer = (type, event) -> {};
    private int items;
    private boolean refuses;

    /** Takes a socket that the page opens. */
    void open(WebSocketRoute socket) {
        sockets.add(socket);
        if (refuses) {
            breakOff(1006);
            return;
        }
        socket.onMessage(frame -> receive(frame.text()));
        say("{'type':'session.created','session':{'type':'realtime','id':'sess_%d'}}".formatted(sockets.size()));
    }

    /** From now on sockets are closed as soon as they are opened. */
    void refuse() {
        refuses = true;
    }

    /** What to do when the page sends something, by its type; sessions and items are answered anyway. */
    void onEvent(BiConsumer<String, JsonNode> reaction) {
        answer = reaction;
    }

    private void receive(String text) {
        JsonNode event;
        try {
            event = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the page sent what is no JSON: " + text, e);
        }
        sent.add(event);
        String type = event.get("type").textValue();
        switch (type) {
            case "conversation.item.create" -> addUserItem();
            case "input_audio_buffer.commit" -> {
                say("{'type':'input_audio_buffer.committed','item_id':'item_user%d'}".formatted(items + 1));
                addUserItem();
            }
            default -> {}
        }
        answer.accept(type, event);
    }

    private void addUserItem() {
        items++;
        say("{'type':'conversation.item.added','item':{'id':'item_user%d','type':'message','role':'user'}}"
                .formatted(items));
    }

    /** Sends an event, written with single quotes. */
    void say(String event) {
        newest().send(event.replace('\'', '"'));
    }

    /** Begins a reply with this text, trace and length, and leaves it unfinished. */
    void beginReply(String response, String text, String trace, double seconds) {
        String item = "item_" + response;
        say("{'type':'response.created','response':{'id':'%s','status':'in_progress'}}".formatted(response));
        say("{'type':'response.output_item.added','response_id':'%s','item':{'id':'%s','role':'assistant'}}"
                .formatted(response, item));
        say("{'type':'conversation.item.added','item':{'id':'%s','type':'message','role':'assistant'}}"
                .formatted(item));
        say("{'type':'response.output_audio_transcript.delta','response_id':'%s','item_id':'%s','delta':'%s'}"
                .formatted(response, item, text));
        say(
                "{'type':'response.output_audio.delta','response_id':'%s','item_id':'%s','delta':'%s','sparrow':{'trace':'%s'}}"
                        .formatted(response, item, hum(seconds), trace));
    }

    /** Ends a reply. */
    void endReply(String response, String status, String details) {
        endReply(response, status, details, "");
    }

    /** Ends a reply with further metadata, such as {@code ,'key':'value'}. */
    void endReply(String response, String status, String details, String metadata) {
        say("{'type':'response.output_audio.done','response_id':'%s','item_id':'item_%s'}"
                .formatted(response, response));
        say(
                "{'type':'response.done','response':{'id':'%s','status':'%s','status_details':%s,'metadata':{'sparrow_exit':"
                                .formatted(response, status, details)
                        + "'even:12','sparrow_depth_saved':'0.125'" + metadata + "}}}");
    }

    /** Base64 of a hum. */
    static String hum(double seconds) {
        byte[] pcm = new byte[2 * (int) (seconds * WIRE_HZ)];
        for (int i = 0; i < pcm.length / 2; i++) {
            int sample = (int) (8_000 * Math.sin(2 * Math.PI * 220 * i / WIRE_HZ));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return Base64.getEncoder().encodeToString(pcm);
    }

    /** The connection breaks without a word of parting. */
    void breakOff(int code) {
        newest().close(new WebSocketRoute.CloseOptions().setCode(code).setReason(""));
    }

    WebSocketRoute newest() {
        return sockets.getLast();
    }

    int sessions() {
        return sockets.size();
    }

    List<JsonNode> sent(String type) {
        return sent.stream()
                .filter(event -> event.get("type").textValue().equals(type))
                .toList();
    }

    /** Types of all events so far; pieces of audio in a row count once. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        for (JsonNode event : sent) {
            String type = event.get("type").textValue();
            if (types.isEmpty() || !types.getLast().equals(type)) types.add(type);
        }
        return types;
    }
}
