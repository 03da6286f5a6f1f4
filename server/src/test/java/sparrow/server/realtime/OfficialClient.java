package sparrow.server.realtime;

import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.WebSocketWriteNotAttempted;
import com.openai.helpers.RealtimeConnection;
import com.openai.models.realtime.RealtimeClientEvent;
import com.openai.models.realtime.RealtimeServerEvent;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.Waveform;

/** OpenAI's own client with response validation on; every event that it takes is kept. */
public final class OfficialClient implements AutoCloseable {
    private static final int RATE_HZ = 24_000;
    private static final int MAX_ATTEMPTS = 200_000;

    private final RealtimeConnection connection;
    private final List<RealtimeServerEvent> events = new ArrayList<>();

    OfficialClient(int port, String key) {
        this(options(port, key).build());
    }

    /** A client that asks for a model. */
    OfficialClient(int port, String key, String model) {
        this(options(port, key).putQueryParam("model", model).build());
    }

    @SuppressWarnings("MustBeClosedChecker") // close() ends it
    private OfficialClient(ClientOptions options) {
        connection = RealtimeConnection.connect(options);
    }

    private static ClientOptions.Builder options(int port, String key) {
        return ClientOptions.builder()
                .httpClient(OkHttpClient.builder().build())
                .baseUrl("http://127.0.0.1:" + port + "/v1")
                .apiKey(key)
                .responseValidation(true);
    }

    /** Sends an event that is written as JSON. */
    void send(String json) {
        try {
            RealtimeClientEvent event = ObjectMappers.jsonMapper().readValue(json, RealtimeClientEvent.class);
            sendWhenFree(() -> connection.send(event));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Repeats a send until the client has room for it: it accepts the next event once the previous one was written. */
    public static void sendWhenFree(Runnable send) {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            try {
                send.run();
                return;
            } catch (WebSocketWriteNotAttempted.Busy e) {
                LockSupport.parkNanos(100_000);
            }
        }
        throw new AssertionError("nothing is written");
    }

    /** Appends a sound. */
    void say(Waveform sound) {
        byte[] pcm = Pcm16.encode(sound.at(RATE_HZ).samples());
        // Like a microphone: a piece at a time.
        int piece = RATE_HZ * 2 / 5;
        for (int from = 0; from < pcm.length; from += piece) {
            byte[] part = java.util.Arrays.copyOfRange(pcm, from, Math.min(pcm.length, from + piece));
            send("{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                    + Base64.getEncoder().encodeToString(part) + "\"}");
        }
    }

    void silence(double seconds) {
        say(new Waveform(new float[(int) (seconds * RATE_HZ)], RATE_HZ));
    }

    /** The next event. */
    RealtimeServerEvent next() {
        try {
            RealtimeServerEvent event = connection.receiveAsync().get(5, TimeUnit.MINUTES);
            event.validate();
            events.add(event);
            return event;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("after " + types(), e);
        }
    }

    /** Takes events until one is of a type. */
    RealtimeServerEvent await(String type) {
        return await(event -> type(event).equals(type));
    }

    RealtimeServerEvent await(Predicate<RealtimeServerEvent> wanted) {
        RealtimeServerEvent event = next();
        while (!wanted.test(event)) event = next();
        return event;
    }

    /** Types of all events so far, runs of the same one once. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        for (RealtimeServerEvent event : events) {
            String type = type(event);
            if (types.isEmpty() || !types.getLast().equals(type)) types.add(type);
        }
        return types;
    }

    List<RealtimeServerEvent> events() {
        return events;
    }

    static String type(RealtimeServerEvent event) {
        return (String) json(event).get("type");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> json(RealtimeServerEvent event) {
        return JsonValue.from(event).convert(Map.class);
    }

    @Override
    public void close() {
        connection.close();
    }
}
