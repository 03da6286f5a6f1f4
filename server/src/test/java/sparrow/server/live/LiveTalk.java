package sparrow.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.ObjectMappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import sparrow.server.ServerPages;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Json;
import sparrow.server.realtime.Protocol;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.session.ScriptedModel;
import sparrow.server.realtime.session.ScriptedSession;

/** A session of GPT-Live with a scripted model and a clock that a test moves; OpenAI's client for Java validates every event. */
final class LiveTalk implements Client {
    static final Duration LEAD = Duration.ofMillis(300);

    private static final String PAGE = page();

    private static String page() {
        try {
            return ServerPages.api();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Steps of the clock while time passes. */
    private static final long STEP = 5_000_000;

    /** What was sent, and when. */
    record Sent(JsonNode event, long nanos) {
        String type() {
            return event.get("type").asText();
        }
    }

    final ScriptedSession session;
    final ScriptedModel model;
    final List<Sent> sent = new ArrayList<>();
    final RealtimeFormat format;
    /** The track of a call, or null. */
    final Track track;

    private final LiveProtocol protocol;
    private final Deque<Runnable> commands = new ArrayDeque<>();
    private final Random noise = new Random(3);
    long now = -5;
    int closeCode;

    LiveTalk() {
        this("{\"model\":\"gpt-live-1\"}", false);
    }

    /** A session that a client starts with these settings. */
    LiveTalk(String settings, boolean callsTools) {
        this(settings, callsTools, null);
    }

    /** A session over WebRTC. */
    static LiveTalk call() {
        return new LiveTalk("{\"model\":\"gpt-live-1\"}", false, new Track());
    }

    /** A track that sends its audio in real time over a network with a delay of 60 ms. */
    static final class Track implements PacedOutput.Track {
        long addedMs;
        long sentMs;

        @Override
        public void play(String audio) {
            addedMs += Base64.getDecoder().decode(audio).length / 48;
        }

        @Override
        public boolean isEmpty() {
            return sentMs == addedMs;
        }

        @Override
        public long drop() {
            long unsentMs = addedMs - sentMs;
            addedMs = sentMs;
            return unsentMs == 0 ? 0 : unsentMs + 60;
        }
    }

    private LiveTalk(String settings, boolean callsTools, Track track) {
        this.track = track;
        protocol = new LiveProtocol(
                new LiveProtocol.LiveModel("scripted", callsTools, true, 1000, Optional.empty()),
                LEAD,
                () -> now,
                track);
        protocol.connect(this::deliver, commands::add);
        session = new ScriptedSession(SessionConfig.DEFAULT, callsTools, this, () -> now);
        model = session.model;
        session.open();
        send("{\"type\":\"session.start\",\"event_id\":\"start_1\",\"session\":" + settings + "}");
        JsonNode started = sent.getLast().event().at("/session/audio/format");
        format = Stream.of(RealtimeFormat.values())
                .filter(one -> started.path("type").asText().equals(one.wireName())
                        && started.path("rate").asInt() == one.rateHz())
                .findFirst()
                .orElse(RealtimeFormat.PCM);
    }

    LiveTalk send(String frame) {
        protocol.receive(frame, session::receive, this);
        while (!commands.isEmpty()) commands.poll().run();
        return this;
    }

    private void deliver(Protocol.Frame frame) {
        try {
            ObjectMappers.jsonMapper()
                    .readValue(frame.text(), com.openai.models.live.ServerEvent.class)
                    .validate();
        } catch (JsonProcessingException | RuntimeException e) {
            throw new AssertionError("the official client refuses " + frame.text(), e);
        }
        Sent event = new Sent(Json.object(frame.text()), now);
        assertThat(PAGE).contains("`" + event.type() + "`");
        sent.add(event);
    }

    @Override
    public void send(ServerEvent event) {
        protocol.frames(event).forEach(this::deliver);
    }

    @Override
    public void retract(String responseId) {
        protocol.retract();
    }

    @Override
    public boolean isReady() {
        return !protocol.isFull();
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    /** Time passes, and speech is sent when it is due. */
    LiveTalk passes(double seconds) {
        long end = now + Math.round(seconds * 1e9);
        while (now < end) {
            now += STEP;
            if (track != null) track.sentMs = Math.min(track.addedMs, track.sentMs + STEP / 1_000_000);
            protocol.due().forEach(this::deliver);
            while (!commands.isEmpty()) commands.poll().run();
        }
        return this;
    }

    /** Somebody speaks, or is silent, in pieces of 20 ms and in real time. */
    LiveTalk says(double seconds, float loudness) {
        for (int piece = 0; piece < Math.round(seconds * 50); piece++) {
            float[] samples = new float[format.rateHz() / 50];
            for (int i = 0; i < samples.length; i++) samples[i] = (float) noise.nextGaussian() * loudness;
            passes(0.02);
            append(format.encoder(format.rateHz()).accept(samples));
        }
        return this;
    }

    LiveTalk append(byte[] sound) {
        String audio = Base64.getEncoder().encodeToString(sound);
        if (track == null) return send("{\"type\":\"session.input_audio.append\",\"audio\":\"" + audio + "\"}");
        protocol.hear(audio);
        return this;
    }

    /** A question and the silence that ends it. */
    LiveTalk asks() {
        return says(0.6, 0.2f).says(0.8, 0);
    }

    /** Types of all events, runs of one type once. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        for (Sent one : sent) if (types.isEmpty() || !types.getLast().equals(one.type())) types.add(one.type());
        return types;
    }

    List<JsonNode> all(String type) {
        return sent.stream()
                .filter(one -> one.type().equals(type))
                .map(Sent::event)
                .toList();
    }

    JsonNode last(String type) {
        return all(type).getLast();
    }

    /** Milliseconds of sound that were sent. */
    long soundMs() {
        long bytes = all("session.output_audio.delta").stream()
                .mapToLong(
                        event -> Base64.getDecoder().decode(event.get("delta").asText()).length)
                .sum();
        return format.samples(bytes) * 1000 / format.rateHz();
    }

    void assertError(String code, String message) {
        Sent last = sent.getLast();
        assertThat(last.type()).as(last.event().toString()).isEqualTo("error");
        assertThat(last.event().at("/error/code").asText()).isEqualTo(code);
        assertThat(last.event().at("/error/message").asText()).startsWith(message);
    }
}
