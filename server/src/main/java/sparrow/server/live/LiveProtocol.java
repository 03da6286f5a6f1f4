package sparrow.server.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.Protocol;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ResponseFields;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.SessionFields;
import sparrow.server.reply.ServedModel;

/**
 * Converts GPT-Live events to and from a session's events. A client appends the microphone's audio, plays all audio
 * that it receives, and does not report which audio it has played. Therefore, speech is {@linkplain PacedOutput paced},
 * and an interrupted reply is truncated to the part that was sent. In a call, tracks transport the audio. The session opens with the connection, but accepts
 * no other event before {@code session.start}. Used only by the session's thread, except for {@link #isFull}.
 */
final class LiveProtocol implements Protocol {
    private static final int MAX_POSTPONED = 16;

    /** Duration of the silence that ends a turn. */
    private static final int SILENCE_MS =
            SessionConfig.DEFAULT.turnDetection().orElseThrow().silenceDurationMs();

    private static final ClientEvent RESPOND = new ClientEvent.CreateResponse(ResponseFields.NONE);

    private final LiveModel model;
    private final Duration lead;
    private final LongSupplier clock;
    private final PacedOutput.Track track;
    private final ToolDelegation tools;
    private Consumer<Frame> out;
    private Consumer<Runnable> later;

    /** The open session as reported to the client. */
    private SessionFields session;

    /** Consumer of the session's events. */
    private Consumer<ClientEvent.Named> events;

    // session.start replaces these settings.
    private LiveSettings settings = new LiveSettings("", null, null, null, null);
    private RealtimeFormat format = settings.format();
    private PacedOutput output;
    private long began;
    private boolean started;

    private boolean muted;

    /** The id of the client event that is being processed, or null if it has none. */
    private String clientEventId;

    /** Whether the session refused the last event. */
    private boolean refused;

    /** Number of samples that the client has appended. */
    private long appended;

    /**
     * Start and end of the turns whose transcripts are incomplete, in milliseconds since the session's start, by item.
     */
    private final Map<String, long[]> turns = new HashMap<>();

    private boolean responding;

    /** Requests for a response that wait until the current reply has been sent. */
    private final Deque<Runnable> postponed = new ArrayDeque<>();

    /**
     * The served model's properties.
     *
     * @param contextLength the maximum number of tokens in the context
     * @param leftOut a note that the model ignores instructions, or empty if the model follows them
     */
    record LiveModel(String id, boolean callsTools, boolean transcribes, int contextLength, Optional<String> leftOut) {
        static LiveModel of(ServedModel served) {
            return new LiveModel(
                    served.id(),
                    served.model().callsTools(),
                    served.transcribes(),
                    served.model().languageModel().transformer().config().contextLength(),
                    served.leftOut());
        }
    }

    /**
     * Creates the protocol of a session.
     *
     * @param lead the maximum duration of speech that is sent before its playback
     * @param clock a source of nanoseconds since an arbitrary origin
     * @param track the track of a call, or null if events transport the audio
     */
    LiveProtocol(LiveModel model, Duration lead, LongSupplier clock, PacedOutput.Track track) {
        this.model = model;
        this.lead = lead;
        this.clock = clock;
        this.track = track;
        this.tools = new ToolDelegation(model.id(), this::send);
        this.output = new PacedOutput(format, lead, clock, track);
    }

    /**
     * Connects the protocol before its first event.
     *
     * @param sender a consumer that sends a frame immediately
     * @param executor a consumer that runs a command on the session's thread after the current command
     */
    void connect(Consumer<Frame> sender, Consumer<Runnable> executor) {
        out = sender;
        later = executor;
    }

    @Override
    public int maxBytes() {
        return ClientEvent.MAX_BYTES;
    }

    // Handling of client events.

    @Override
    public void receive(String frame, Consumer<ClientEvent.Named> receiver, Client client) {
        events = receiver;
        try {
            ObjectNode object = Json.object(frame);
            clientEventId = ClientEvent.id(object.remove("event_id"));
            String type = object.path("type").asText();
            LiveEvent event = Json.STRICT.read(object, LiveEvent.class);
            if (event instanceof LiveEvent.Start == started) throw misplaced();
            receive(event, type, client);
        } catch (RefusedException e) {
            give(new ClientEvent.Unreadable(e));
        }
        clientEventId = null;
    }

    private RefusedException misplaced() {
        return started
                ? new RefusedException(
                        "session_already_started", "type", "type: expected session.start once, got it again")
                : new RefusedException("session_not_started", "type", "type: expected session.start first");
    }

    /** Passes an event to the session, and returns whether the session accepted it. */
    private boolean give(ClientEvent event) {
        refused = false;
        events.accept(new ClientEvent.Named(Optional.ofNullable(clientEventId), event, List.of()));
        return !refused;
    }

    private void receive(LiveEvent event, String type, Client client) {
        switch (event) {
            case LiveEvent.Start(LiveSettings wanted) -> start(wanted);
            case LiveEvent.Update(LiveEvent.Changes changes) -> {
                if (configure(settings.with(changes)))
                    send(answer("session.updated").set("session", view()));
            }
            case LiveEvent.AppendAudio(String audio) -> {
                if (track != null) throw RefusedException.value("type", "type: calls transport audio in their track");
                append(audio);
            }
            case LiveEvent.Mute() -> {
                muted = type.equals("session.input_audio.mute");
                send(answer(type + "d"));
            }
            case LiveEvent.AppendText(String content, JsonNode _) -> {
                boolean spoken = type.equals("session.commentary.append");
                if (spoken)
                    whenIdle(() -> {
                        if (add(Item.Role.USER, content)) give(RESPOND);
                    });
                else add(Item.Role.SYSTEM, content);
                if (!refused) send(answer(type + "ed").put("start_ms", ms()).put("end_ms", ms()));
            }
            case LiveEvent.CreateItem(ItemDraft item) -> {
                requireResponses();
                give(new ClientEvent.CreateItem(item, null));
            }
            case LiveEvent.CreateResponse() -> {
                requireResponses();
                whenIdle(() -> give(RESPOND));
            }
            case LiveEvent.Close() -> {
                send(closed("close_requested"));
                client.close(1000, "the client closed the session");
            }
        }
    }

    private void start(LiveSettings wanted) {
        Optional<String> caution = wanted.caution(model);
        if (!configure(wanted)) return;
        format = wanted.format();
        output = new PacedOutput(format, lead, clock, track);
        began = clock.getAsLong();
        started = true;
        for (ItemDraft message : wanted.input()) give(new ClientEvent.CreateItem(message, null));
        ObjectNode event = answer("session.started").set("session", view());
        caution.ifPresent(line -> event.putObject("sparrow").put("caution", line));
        send(event);
    }

    private boolean configure(LiveSettings wanted) {
        if (!give(new ClientEvent.Configure(wanted.config(model)))) return false;
        settings = wanted.withoutInput();
        return true;
    }

    private boolean add(Item.Role role, String text) {
        ItemDraft.Part part = new ItemDraft.Part("input_text", text, null, null);
        ItemDraft item = new ItemDraft("message", null, role, List.of(part), null, null, null, null);
        return give(new ClientEvent.CreateItem(item, null));
    }

    private void requireResponses() {
        if (settings.delegation().usesResponses()) return;
        throw RefusedException.value("type", "type: expected a session whose delegation is responses, found client");
    }

    /** Processes audio of a call's client, which is ignored before the session has started. */
    void hear(String audio) {
        if (started) append(audio);
    }

    private void append(String audio) {
        long samples = format.samples(ClientEvent.sound(audio, "audio").length);
        appended += samples;
        // Silence also ends the user's turn.
        byte[] silence = muted ? format.encoder(format.rateHz()).accept(new float[(int) samples]) : null;
        give(new ClientEvent.AppendAudio(muted ? Base64.getEncoder().encodeToString(silence) : audio));
    }

    /** Runs a request for a response when no reply is being generated or sent. */
    private void whenIdle(Runnable request) {
        if (postponed.size() == MAX_POSTPONED) {
            throw new RefusedException(
                    Problem.RATE_LIMIT, null, "response: expected at most " + MAX_POSTPONED + " waiting requests");
        }
        refused = false;
        postponed.add(request);
        runPostponed();
    }

    private void runPostponed() {
        while (!responding && output.isEmpty() && !postponed.isEmpty())
            postponed.poll().run();
    }

    // Handling of session events.

    @Override
    public List<Frame> frames(ServerEvent event) {
        switch (event) {
            case ServerEvent.SessionCreated created -> session = created.session();
            case ServerEvent.SpeechStarted(String itemId, long startMs) -> {
                if (model.transcribes()) turns.put(itemId, new long[] {sessionMs(startMs), sessionMs(startMs)});
                interrupt();
            }
            case ServerEvent.SpeechStopped(String itemId, long endMs) ->
                turns.computeIfPresent(itemId, (_, turn) ->
                        new long[] {turn[0], Math.max(turn[0], sessionMs(endMs - SILENCE_MS))});
            case ServerEvent.InputTranscriptDelta(var key, String delta) -> {
                long[] turn = turns.getOrDefault(key.itemId(), new long[] {ms(), ms()});
                send(LiveServerEvent.transcript("session.input_transcript.delta", delta, turn[0], turn[1]));
            }
            case ServerEvent.InputTranscribed over -> turns.remove(over.key().itemId());
            case ServerEvent.InputTranscriptionFailed over ->
                turns.remove(over.key().itemId());
            case ServerEvent.ResponseCreated _ -> {
                responding = true;
                tools.begin();
                // The user's turn may end during a commentary.
                interrupt();
            }
            case ServerEvent.OutputItemAdded(String _, int _, Item.Message message) -> output.begin(message.id());
            case ServerEvent.TranscriptDelta(var _, String delta, var _) -> output.addText(delta);
            case ServerEvent.AudioDelta(var _, String delta, long _, var _) -> output.addAudio(delta);
            case ServerEvent.AudioDone _ -> output.complete();
            case ServerEvent.OutputItemDone(String responseId, int index, Item.FunctionCall call) ->
                tools.called(responseId, index, call, ms());
            case ServerEvent.ResponseDone(var response) -> over(response);
            case ServerEvent.Failed(var failure) -> failed(failure.problem(), failure.eventId());
            // GPT-Live does not have these events.
            default -> {}
        }
        return due();
    }

    private void interrupt() {
        output.interrupt()
                .map(cut -> new ClientEvent.TruncateItem(cut.itemId(), 0, cut.heardMs()))
                .ifPresent(cut -> later.accept(() -> give(cut)));
    }

    private void failed(Problem problem, String eventId) {
        refused = true;
        if (problem.code().equals("session_expired")) {
            send(closed("expired"));
            return;
        }
        ObjectNode error = Json.tree(problem);
        if (problem.param() == null) error.remove("param");
        if (eventId != null) error.put("client_event_id", eventId);
        send(LiveServerEvent.of("error").set("error", error));
    }

    private void over(ServerEvent.ResponseView response) {
        responding = false;
        tools.end(response);
        ObjectNode event = usage(LiveServerEvent.of("session.usage.updated"));
        if (response.usage() != null) {
            double ratio = (double) response.usage().totalTokens() / model.contextLength();
            event.putObject("context_window").put("usage_ratio", Math.min(1, ratio));
        }
        send(event);
    }

    // Sending of speech.

    /** Drops the speech that has not been sent. */
    void retract() {
        output.drop();
    }

    /** Returns the speech that is due. */
    List<Frame> due() {
        List<Frame> due = output.take();
        if (!postponed.isEmpty()) later.accept(this::runPostponed);
        return due;
    }

    /** Returns whether all audio has been sent. In a call, it is sent as fast as it is played. */
    @Override
    public boolean isHeard() {
        return output.isEmpty();
    }

    /** Returns all speech that has not been sent. */
    List<Frame> rest() {
        return output.takeAll();
    }

    /** Returns the time in nanoseconds until more speech is due, or empty if no speech is waiting. */
    OptionalLong waitNanos() {
        return output.waitNanos();
    }

    /** Returns whether decoding should pause. Thread-safe, because replies are decoded only after the start. */
    boolean isFull() {
        return output.isFull();
    }

    // Creation of server events.

    /** Returns an event that responds to the current client event. */
    private ObjectNode answer(String type) {
        ObjectNode event = LiveServerEvent.of(type);
        return clientEventId == null ? event : event.put("client_event_id", clientEventId);
    }

    private ObjectNode closed(String reason) {
        return usage(answer("session.closed").put("reason", reason).set("session", view()));
    }

    private ObjectNode usage(ObjectNode event) {
        event.putObject("usage").put("seconds", ms() / 1000.0);
        return event;
    }

    private ObjectNode view() {
        ObjectNode view = Json.tree(settings);
        view.remove("input");
        return view.put("id", session.id().textValue())
                .put("model", model.id())
                .put("status", "active")
                .put("expires_at", session.expiresAt().longValue())
                .put("store", false);
    }

    private void send(ObjectNode event) {
        out.accept(LiveServerEvent.frame(event));
    }

    /** Returns the time since the session's start, in milliseconds. */
    private long ms() {
        return (clock.getAsLong() - began) / 1_000_000;
    }

    /**
     * Converts a position in the appended audio to a time since the session's start. The last appended sample has just
     * arrived.
     */
    private long sessionMs(long appendedMs) {
        return Math.max(0, ms() - (appended * 1000 / format.rateHz() - appendedMs));
    }
}
