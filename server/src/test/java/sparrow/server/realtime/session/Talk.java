package sparrow.server.realtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.ObjectMappers;
import com.openai.models.realtime.RealtimeServerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sparrow.server.audio.Pcm16;
import sparrow.server.message.Ids;
import sparrow.server.metrics.ReplyLog;
import sparrow.server.metrics.ServerMetrics;
import sparrow.server.realtime.TestServer;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.vad.EnergyVad;

/** A session with a scripted model and a clock that a test moves; every event of the server is held against the official client. */
public final class Talk implements Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RATE_HZ = 24_000;

    /** Counts what nothing reads. */
    public static final SessionObserver UNWATCHED = observer(ReplyLog.NONE);

    public final ScriptedModel model = new ScriptedModel();
    final List<JsonNode> events = new ArrayList<>();
    final RealtimeSession session;
    long now = -5;
    int closeCode;
    private int read;
    private final Random noise = new Random(3);

    public Talk() {
        this(3600);
    }

    public Talk(long seconds) {
        this(seconds, OnInterrupt.KEEP, UNWATCHED);
    }

    public Talk(OnInterrupt onInterrupt) {
        this(3600, onInterrupt, UNWATCHED);
    }

    public Talk(SessionObserver observer) {
        this(3600, OnInterrupt.KEEP, observer);
    }

    private Talk(long seconds, OnInterrupt onInterrupt, SessionObserver observer) {
        this(seconds, onInterrupt, observer, SessionMemory.ofSamples(1), SessionMemory.ofTexts(1));
    }

    public Talk(SessionMemory sound) {
        this(sound, SessionMemory.ofTexts(1));
    }

    Talk(SessionMemory sound, SessionMemory texts) {
        this(3600, OnInterrupt.KEEP, UNWATCHED, sound, texts);
    }

    private Talk(
            long seconds, OnInterrupt onInterrupt, SessionObserver observer, SessionMemory sound, SessionMemory texts) {
        session = new RealtimeSession(
                new RealtimeSession.Identity(
                        "sess_1", "scripted", 1_800_000_000, SessionConfig.DEFAULT, Optional.empty()),
                new RealtimeOptions(
                        1, Duration.ofSeconds(seconds), TestServer.HALF_A_MINUTE, onInterrupt, EnergyVad::new),
                sound.share(),
                texts.share(),
                model,
                this,
                observer,
                () -> now,
                new Ids(new Random(1)));
        session.open();
    }

    /** An observer whose replies a test takes. */
    static SessionObserver observer(ReplyLog log) {
        return new SessionObserver(new ServerMetrics("scripted", 4), log, _ -> {}, RATE_HZ);
    }

    /** A session without voice activity detection, from which nothing was read. */
    static Talk manual() {
        return new Talk().withoutDetection();
    }

    /** The same with turns that the client ends. */
    Talk withoutDetection() {
        send("""
                {"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
        types();
        return this;
    }

    @Override
    public void send(ServerEvent event) {
        String frame = ServerEvent.frame(event, "event_" + events.size());
        try {
            RealtimeServerEvent read = ObjectMappers.jsonMapper().readValue(frame, RealtimeServerEvent.class);
            // Only clients that ask for it are sent an event of ours.
            if (!(event instanceof ServerEvent.SpeechProbability)) read.validate();
            events.add(JSON.readTree(frame));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new AssertionError("the official client refuses " + frame, e);
        }
    }

    @Override
    public void retract(String responseId) {}

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    public Talk send(String frame) {
        session.receive(ClientEvent.read(frame));
        return this;
    }

    void passes(double seconds) {
        now += (long) (seconds * 1e9);
    }

    /** Somebody speaks for a while. */
    Talk speech(double seconds) {
        float[] samples = new float[(int) (seconds * RATE_HZ)];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) noise.nextGaussian() * 0.2f;
        return append(samples);
    }

    /** Somebody speaks and pauses, again and again, in a single append. */
    Talk speechSilence(double speech, double silence, int times) {
        float[] samples = new float[(int) ((speech + silence) * times * RATE_HZ)];
        for (int i = 0; i < samples.length; i++) {
            double at = (double) i / RATE_HZ % (speech + silence);
            if (at < speech) samples[i] = (float) noise.nextGaussian() * 0.2f;
        }
        return append(samples);
    }

    Talk silence(double seconds) {
        return append(new float[(int) (seconds * RATE_HZ)]);
    }

    private Talk append(float[] samples) {
        String audio = Base64.getEncoder().encodeToString(Pcm16.encode(samples));
        return send("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + audio + "\"}");
    }

    Talk commit() {
        return send("{\"type\":\"input_audio_buffer.commit\"}");
    }

    Talk create() {
        return send("{\"type\":\"response.create\"}");
    }

    /** Types of the events since the last call. */
    List<String> types() {
        List<String> types =
                unread().stream().map(event -> event.get("type").asText()).toList();
        return types;
    }

    List<JsonNode> unread() {
        List<JsonNode> unread = List.copyOf(events.subList(read, events.size()));
        read = events.size();
        return unread;
    }

    /** The last event of a type. */
    JsonNode last(String type) {
        for (JsonNode event : events.reversed()) if (event.get("type").asText().equals(type)) return event;
        throw new AssertionError("no " + type);
    }

    /** The last event is an error. */
    void assertError(String code, String param) {
        JsonNode event = events.getLast();
        assertThat(event.get("type").asText()).as(event.toString()).isEqualTo("error");
        assertThat(event.at("/error/code").asText()).isEqualTo(code);
        if (param != null) assertThat(event.at("/error/param").asText()).isEqualTo(param);
    }
}
