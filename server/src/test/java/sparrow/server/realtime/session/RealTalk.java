package sparrow.server.realtime.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.models.pool.ReplyOptions;
import sparrow.server.audio.Pcm16;
import sparrow.server.audio.Sound;
import sparrow.server.message.Ids;
import sparrow.server.realtime.TestServer;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Recording.Heard;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.reply.ReplyEvent;
import sparrow.server.reply.RequestOverrides;
import sparrow.speech.wave.Waveform;

/** A session with the bundled model, without a socket: the thread of the test does what the session's would. */
final class RealTalk implements Client, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the model was asked, and what it replied. */
    record Asked(ChatHistory chat, PooledReply reply) {}

    final List<JsonNode> events = new ArrayList<>();
    final List<Asked> asked = new ArrayList<>();
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private final EncoderThreads hearing = EncoderThreads.start();
    private final PooledBackend model;
    private final RealtimeSession session;

    RealTalk(TalkingModel talking) {
        model = new PooledBackend(talking.served(), hearing, commands::add);
        session = new RealtimeSession(
                new RealtimeSession.Identity(
                        "sess_1", "sparrow", 1_800_000_000, SessionConfig.DEFAULT, Optional.empty()),
                TestServer.options(1, TestServer.HALF_A_MINUTE),
                SessionMemory.ofSamples(1).share(),
                SessionMemory.ofTexts(1).share(),
                new Watched(),
                this,
                Talk.UNWATCHED,
                System::nanoTime,
                new Ids(new Random(1)));
        session.open();
        send("{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"turn_detection\":null}}}}");
    }

    @Override
    public void send(ServerEvent event) {
        try {
            events.add(JSON.readTree(ServerEvent.frame(event, "event_" + events.size())));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
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
        throw new AssertionError(code + " " + reason);
    }

    RealTalk send(String frame) {
        session.receive(ClientEvent.read(frame));
        return this;
    }

    RealTalk say(Waveform sound) {
        String audio =
                Base64.getEncoder().encodeToString(Pcm16.encode(sound.at(24_000).samples()));
        return send("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + audio + "\"}");
    }

    /** Does what there is to do until an event of a type has come, and returns it. */
    JsonNode await(String type) {
        return await(type, events.size());
    }

    JsonNode await(String type, int from) {
        for (int i = from; ; ) {
            for (; i < events.size(); i++) {
                if (events.get(i).get("type").asText().equals(type)) return events.get(i);
            }
            try {
                Runnable next = commands.poll(5, TimeUnit.MINUTES);
                if (next == null) throw new AssertionError("no " + type + " within five minutes");
                next.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Asks a question and waits for the whole reply; its item. */
    JsonNode ask(Waveform question, String response) {
        int from = events.size();
        say(question).send("{\"type\":\"input_audio_buffer.commit\"}");
        send("{\"type\":\"response.create\",\"response\":" + response + "}");
        return await("response.done", from).at("/response/output/0");
    }

    @Override
    public void close() {
        session.close(() -> {});
        hearing.close();
    }

    /** The model, with somebody who writes down what it is asked. */
    private final class Watched implements ConversationBackend {
        @Override
        public ReplyHandle ask(
                Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready) {
            Consumer<ReplyEvent> written = event -> {
                if (event instanceof ReplyEvent.Ended(PooledReply reply)) asked.add(new Asked(chat.chat(), reply));
                events.accept(event);
            };
            return model.ask(chat, options, written, ready);
        }

        @Override
        public ReplyHandle askAside(
                Window.Fitting chat, ReplyOptions options, Consumer<ReplyEvent> events, BooleanSupplier ready) {
            return model.askAside(chat, options, events, ready);
        }

        @Override
        public ReplyHandle transcribe(Question question, Consumer<ReplyEvent> events, BooleanSupplier ready) {
            return model.transcribe(question, events, ready);
        }

        @Override
        public boolean recognizes() {
            return model.recognizes();
        }

        @Override
        public Future<?> recognize(Sound said, BiConsumer<String, Throwable> then) {
            return model.recognize(said, then);
        }

        @Override
        public ModelInfo facts() {
            return model.facts();
        }

        @Override
        public GenerationConfig config(RequestOverrides overrides) {
            return model.config(overrides);
        }

        @Override
        public void requireVoice(String voice, String param) {
            model.requireVoice(voice, param);
        }

        @Override
        public void hear(Sound said, Consumer<Heard> then) {
            model.hear(said, then);
        }

        @Override
        public void prefillEarly(Sound soFar, Optional<String> instructions, List<Tool> tools, List<ChatTurn> earlier) {
            model.prefillEarly(soFar, instructions, tools, earlier);
        }

        @Override
        public ChatPrompt prompt(ChatHistory chat) {
            return model.prompt(chat);
        }

        @Override
        public List<Unit> heardPart(List<Unit> reply, double seconds) {
            return model.heardPart(reply, seconds);
        }

        @Override
        public List<Unit> words(List<Unit> reply) {
            return model.words(reply);
        }

        @Override
        public String text(List<Unit> units) {
            return model.text(units);
        }

        @Override
        public List<Unit> replyUnits(String text) {
            return model.replyUnits(text);
        }

        @Override
        public List<Unit> callUnits(ToolCall call) {
            return model.callUnits(call);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
