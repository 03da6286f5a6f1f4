package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.interleave.Unit;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.TruncationSetting;
import sparrow.server.realtime.event.TurnDetection;
import sparrow.server.realtime.session.RealtimeOptions;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.realtime.session.RealtimeSession;
import sparrow.server.realtime.session.ScriptedModel;
import sparrow.server.realtime.session.SessionMemory;
import sparrow.server.realtime.session.Talk;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ToolUse;
import sparrow.server.vad.EnergyVad;
import sparrow.speech.wave.G711;

/** Calls of Twilio with a scripted model and a clock that a test moves. */
class TwilioProtocolTest {
    private static final int FRAME = 160;

    /** One call, and everything that the server sent over it. */
    private static final class Call implements Client {
        final ScriptedModel model = new ScriptedModel();
        final List<JsonNode> sent = new ArrayList<>();
        final Random noise = new Random(3);
        final Protocol protocol;
        final RealtimeSession session;
        long now = -5;
        int closeCode;
        int returned;

        Call() {
            this(SessionConfig.DEFAULT, OnInterrupt.KEEP);
        }

        Call(SessionConfig settings, OnInterrupt onInterrupt) {
            RealtimeOptions options =
                    new RealtimeOptions(1, RealtimeOptions.HOUR, TestServer.HALF_A_MINUTE, onInterrupt, EnergyVad::new);
            RealtimeSessions.Opening opening = new RealtimeSessions.Opening(
                            "sess_1", settings, Optional.empty(), Protocol.REALTIME, options, () -> 0)
                    .ofTelephone("MZ1", () -> now);
            protocol = opening.protocol();
            session = new RealtimeSession(
                    new RealtimeSession.Identity(
                            opening.id(), "scripted", 1_800_000_000, opening.config(), Optional.empty()),
                    opening.options(),
                    SessionMemory.ofSamples(1).share(),
                    SessionMemory.ofTexts(1).share(),
                    model,
                    this,
                    Talk.UNWATCHED,
                    () -> now,
                    new Ids(new Random(1)));
            session.open();
        }

        @Override
        public void send(ServerEvent event) {
            for (Protocol.Frame frame : protocol.frames(event)) sent.add(Json.object(frame.text()));
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

        void receive(String frame) {
            protocol.receive(frame, session::receive, this);
        }

        /** The caller's sound in frames of 20 ms, in real time. */
        Call says(double seconds, float loudness) {
            for (int frame = 0; frame < seconds * 50; frame++) {
                float[] samples = new float[FRAME];
                for (int i = 0; i < FRAME; i++) samples[i] = (float) noise.nextGaussian() * loudness;
                now += 20_000_000;
                receive(media(Base64.getEncoder().encodeToString(G711.MU_LAW.encode(samples))));
            }
            return this;
        }

        /** A question and the silence that ends it. */
        Call asks() {
            return says(0.6, 0.2f).says(0.8, 0);
        }

        List<String> events() {
            return sent.stream().map(frame -> frame.get("event").asText()).toList();
        }

        List<String> marks() {
            return sent.stream()
                    .filter(frame -> frame.has("mark"))
                    .map(frame -> frame.at("/mark/name").asText())
                    .toList();
        }

        /** Twilio has played the sound before so many more marks. */
        Call plays(int count) {
            for (int i = 0; i < count; i++) receive(mark(marks().get(returned++)));
            return this;
        }
    }

    private static String media(String payload) {
        return "{\"event\":\"media\",\"sequenceNumber\":\"4\",\"streamSid\":\"MZ1\",\"media\":{\"track\":\"inbound\","
                + "\"chunk\":\"2\",\"timestamp\":\"5\",\"payload\":\"" + payload + "\"}}";
    }

    private static String mark(String name) {
        return "{\"event\":\"mark\",\"sequenceNumber\":\"9\",\"streamSid\":\"MZ1\",\"mark\":{\"name\":\"" + name
                + "\"}}";
    }

    @Test
    void aQuestionIsAnsweredByMediaEachWithItsMark() {
        Call call = new Call().asks();

        call.model.asking().begin().text("ab").speech(10).end();

        List<String> events = call.events();
        assertThat(events).hasSizeGreaterThan(10);
        int samples = 0;
        for (int i = 0; i < events.size(); i += 2) {
            assertThat(events.subList(i, i + 2)).containsExactly("media", "mark");
            assertThat(call.sent.get(i).get("streamSid").asText()).isEqualTo("MZ1");
            assertThat(call.sent.get(i).get("media")).hasSize(1);
            samples += Base64.getDecoder()
                    .decode(call.sent.get(i).at("/media/payload").asText())
                    .length;
            assertThat(call.marks().get(i / 2)).endsWith("-" + samples);
        }
        assertThat(samples).isEqualTo(8000);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptionClearsAndCutsTheReplyToWhatMarksSayWasHeard(OnInterrupt onInterrupt) {
        Call call = new Call(SessionConfig.DEFAULT, onInterrupt).asks();
        ScriptedModel.Asking first =
                call.model.asking().begin().text("ab").speech(10).text("cd").speech(10);
        call.plays(8);

        call.says(0.6, 0.2f);

        assertThat(call.events()).endsWith("mark", "clear");
        assertThat(call.sent.getLast()).hasToString("{\"event\":\"clear\",\"streamSid\":\"MZ1\"}");
        assertThat(first.cancelled).isTrue();
        first.end();
        call.says(0.8, 0);
        // 8 pieces of 798 samples are 798 ms, and so 7 whole codes of 100 ms.
        assertThat(call.model.asking().chat.earlier().getLast().reply())
                .isEqualTo(Unit.tokens(new int[] {'a', 'b', 1000, 1001, 1002, 1003, 1004, 1005, 1006}));
    }

    @Test
    void aReplyThatWasDecodedToItsEndIsCutAsWell() {
        Call call = new Call().asks();
        call.model.asking().begin().text("ab").speech(20).end();
        call.plays(4);

        call.asks();

        assertThat(call.events()).endsWith("clear");
        assertThat(call.model.asking().chat.earlier().getLast().reply()).hasSize(2 + 3);
    }

    @Test
    void marksOfClearedSoundComeBackAndChangeNothing() {
        Call call = new Call().asks();
        call.model.asking().begin().speech(20).end();
        call.says(0.6, 0.2f);
        int sent = call.sent.size();

        call.plays(call.marks().size()).says(0.8, 0);
        call.model.asking().begin().speech(5);
        call.says(0.6, 0.2f).says(0.8, 0);

        assertThat(call.events().subList(sent, call.sent.size()))
                .contains("media")
                .endsWith("clear");
        assertThat(call.closeCode).isZero();
    }

    @Test
    void anEventThatTwilioAddsDoesNotEndTheCall() {
        Call call = new Call();
        call.receive("{\"event\":\"weather\",\"streamSid\":\"MZ1\",\"weather\":{\"degrees\":7}}");
        call.asks();
        assertThat(call.model.asking().chat.question()).isNotNull();
        assertThat(call.closeCode).isZero();
    }

    @Test
    void aReplyThatWasHeardToItsEndIsNotCleared() {
        Call call = new Call().asks();
        call.model.asking().begin().text("ab").speech(10).end();
        call.plays(call.marks().size()).says(1, 0);

        call.asks();

        assertThat(call.events()).doesNotContain("clear");
        assertThat(call.model.asking().chat.earlier().getLast().reply()).hasSize(12);
    }

    @Test
    void aSessionThatIsNotInterruptedClearsNothing() {
        TurnDetection patient = new TurnDetection(0.5, 300, 500, true, false);
        Call call = new Call(
                        new SessionConfig(
                                new ReplySettings(
                                        ReplySettings.Modality.AUDIO,
                                        "Be brief.",
                                        RealtimeFormat.PCM,
                                        "default",
                                        ToolUse.NONE,
                                        RequestOverrides.NONE),
                                RealtimeFormat.PCM,
                                false,
                                Optional.of(patient),
                                new TruncationSetting.Auto(),
                                true),
                        OnInterrupt.KEEP)
                .asks();
        assertThat(call.model.asking().chat.instructions()).hasValue("Be brief.");
        call.model.asking().begin().speech(20);

        call.says(0.6, 0.2f);

        assertThat(call.events()).doesNotContain("clear");
        assertThat(call.model.asking().cancelled).isFalse();
    }

    @Test
    void keysAreTakenAndStopEndsTheCall() {
        Call call = new Call();

        call.receive(
                "{\"event\":\"dtmf\",\"streamSid\":\"MZ1\",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"1\"}}");
        assertThat(call.closeCode).isZero();
        call.receive("{\"event\":\"stop\",\"streamSid\":\"MZ1\",\"stop\":{\"callSid\":\"CA1\"}}");
        assertThat(call.closeCode).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                               | body: expected a JSON object, found array
            {}                                                               | event: expected, but missing
            {"event":1}                                                      | event: expected a string, got 1
            {"event":"connected","protocol":"Call"}                          | event: expected media, mark, dtmf or stop after start
            {"event":"clear","streamSid":"MZ1"}                              | event: expected media, mark, dtmf or stop after start
            {"event":"media","streamSid":"MZ1"}                              | media: expected, but missing
            {"event":"media","streamSid":"MZ1","media":{}}                   | media.payload: expected, but missing
            {"event":"media","streamSid":"MZ1","media":{"payload":"*"}}      | media.payload: base64: expected a multiple of 4
            {"event":"media","streamSid":"MZ2","media":{"payload":""}}       | streamSid: expected the one in start, got another
            {"event":"media","media":{"payload":""}}                         | streamSid: expected the one in start, got another
            {"event":"media","media":{"track":"outbound","payload":""}}      | media.track: expected inbound, got "outbound"
            {"event":"mark","streamSid":"MZ1","mark":{"name":"my own"}}      | mark.name: expected the name of a mark that was sent
            {"event":"mark","streamSid":"MZ1"}                               | mark: expected, but missing
            {"event":"stop","streamSid":"MZ2"}                               | streamSid: expected the one in start, got another
            """)
    void messagesThatDoNotBelongThereAreRefused(String frame, String message) {
        assertThatThrownBy(() -> new Call().receive(frame))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aMarkBeyondTheSoundThatWasSentIsRefused() {
        Call call = new Call().asks();
        call.model.asking().begin().speech(5);
        String item = call.marks().getFirst().replaceFirst("-.*", "");

        assertThatThrownBy(() -> call.receive(mark(item + "-9000"))).hasMessageStartingWith("mark.name: expected");
    }

    @Test
    void damagedMessagesAreRefusedAndBreakNothing() {
        Random random = new Random(7);
        String[] frames = {
            media("AAAA"),
            mark("item_1-5"),
            "{\"event\":\"dtmf\",\"streamSid\":\"MZ1\",\"dtmf\":{\"digit\":\"1\"}}",
            "{\"event\":\"start\",\"streamSid\":\"MZ1\",\"start\":{\"tracks\":[\"inbound\"],\"mediaFormat\":{\"encoding\":"
                    + "\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1},\"customParameters\":{\"key\":null}}}"
        };
        int refused = 0;
        Call call = new Call();
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = frames[i % frames.length].getBytes(StandardCharsets.UTF_8);
            for (int k = random.nextInt(3); k > 0; k--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                call.receive(new String(bytes, StandardCharsets.UTF_8));
            } catch (RefusedException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 1_999);
    }

    @Test
    void soundFasterThanRealTimeIsRefusedBeyondFiveSeconds() {
        Call call = new Call();
        String second = media(Base64.getEncoder().encodeToString(G711.MU_LAW.encode(new float[8000])));
        for (int i = 0; i < 5; i++) call.receive(second);

        assertThatThrownBy(() -> call.receive(second)).hasMessageStartingWith("media: expected at most 5 s");
        call.now += 2_000_000_000L;
        call.receive(second);
    }
}
