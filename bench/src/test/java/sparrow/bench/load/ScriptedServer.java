package sparrow.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A Realtime server that answers by a script, and the clock of its talker: no socket, no thread, no time that passes.
 * All times in milliseconds.
 */
final class ScriptedServer implements Wire {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MS = 1_000_000;

    /** An event on its way. */
    private record Coming(long at, long order, ObjectNode event) {}

    /** An event that the talker sent. */
    record Sent(long at, JsonNode event) {
        String type() {
            return event.path("type").asText();
        }
    }

    /** What the server does for each response. */
    interface Script {
        /** The question is over, by commit or by voice activity detection. */
        void answer(ScriptedServer server, String response);
    }

    private final PriorityQueue<Coming> coming =
            new PriorityQueue<>(Comparator.comparingLong(Coming::at).thenComparingLong(Coming::order));
    private final List<Sent> sent = new ArrayList<>();
    private final Script script;
    private final boolean vad;
    private long now;
    private long order;
    private int responses;
    private String running = "";
    private int loud;
    private int quiet;
    private boolean speaking;

    /** @param vad whether it hears speech itself: three loud pieces begin it, five silent ones end it */
    ScriptedServer(boolean vad, Script script) {
        this.vad = vad;
        this.script = script;
    }

    /** Runs a talker to its end and gives what it measured. */
    TalkerLog run(TalkerPlan plan, long seed) {
        Talker talker = new Talker(plan, this, new SplittableRandom(seed), 0);
        after(5, "session.created");
        while (!talker.isOver()) {
            Coming next = coming.peek();
            long wake = talker.wakeAt() / MS + (talker.wakeAt() % MS == 0 ? 0 : 1);
            if (next != null && next.at() <= wake) {
                coming.poll();
                now = Math.max(now, next.at());
                if (next.event().path("type").asText().equals("response.done")) running = "";
                talker.accept(now * MS, next.event());
            } else {
                now = Math.max(now, wake);
                talker.tick(now * MS);
            }
        }
        return talker.log();
    }

    /** What the talker sent, of one type. */
    List<Sent> sent(String type) {
        return sent.stream().filter(event -> event.type().equals(type)).toList();
    }

    @Override
    public void send(String event) {
        JsonNode json;
        try {
            json = JSON.readTree(event);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
        sent.add(new Sent(now, json));
        switch (json.path("type").asText()) {
            case "session.update" -> after(5, "session.updated");
            case "input_audio_buffer.append" -> heard(event.equals(Recording.SILENCE));
            case "response.create" -> respond();
            case "response.cancel" -> cancel(json.path("response_id").asText(), 10);
            case "conversation.item.truncate" -> after(1, "conversation.item.truncated");
            default -> {}
        }
    }

    private void heard(boolean silent) {
        if (!vad) return;
        loud = silent ? 0 : loud + 1;
        quiet = silent ? quiet + 1 : 0;
        if (!speaking && loud == 3) {
            speaking = true;
            after(0, "input_audio_buffer.speech_started");
            if (!running.isEmpty()) cancel(running, 20);
        } else if (speaking && quiet == 5) {
            speaking = false;
            after(0, "input_audio_buffer.speech_stopped");
            respond();
        }
    }

    private void respond() {
        running = "resp_" + ++responses;
        created(0, running);
        script.answer(this, running);
    }

    /** What was to come of a response does not, but for what comes within some time. */
    private void cancel(String response, long within) {
        coming.removeIf(event -> event.at() > now + within && of(event.event()).equals(response));
        done(within, response, "cancelled");
    }

    private static String of(ObjectNode event) {
        return event.path("response_id")
                .asText(event.path("response").path("id").asText());
    }

    private ObjectNode after(long later, String type) {
        ObjectNode event = JSON.createObjectNode().put("type", type);
        coming.add(new Coming(now + later, order++, event));
        return event;
    }

    private void created(long later, String response) {
        after(later, "response.created").putObject("response").put("id", response);
    }

    /** So much sound comes so much later. */
    void audio(long later, String response, int lasting) {
        byte[] pcm = new byte[lasting * Recording.RATE_HZ / 1000 * 2];
        after(later, "response.output_audio.delta")
                .put("response_id", response)
                .put("item_id", "item_of_" + response)
                .put("delta", Base64.getEncoder().encodeToString(pcm));
    }

    void done(long later, String response, String status) {
        after(later, "response.output_audio.done").put("response_id", response);
        after(later, "response.done").putObject("response").put("id", response).put("status", status);
    }

    /** The conversation grows. */
    void item(long later, String id) {
        after(later, "conversation.item.added").putObject("item").put("id", id);
    }

    /** There is no such response, but an error. */
    void refuse(long later, String response, String type, String code, String cause) {
        running = "";
        coming.removeIf(event -> of(event.event()).equals(response));
        after(later, "error")
                .putObject("error")
                .put("type", type)
                .put("code", code)
                .put("message", code)
                .put("event_id", cause);
    }
}
