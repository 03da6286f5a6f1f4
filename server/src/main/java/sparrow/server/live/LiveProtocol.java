package sparrow.server.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
import sparrow.server.live.LiveServerEvent.Closed;
import sparrow.server.live.LiveServerEvent.Failure;
import sparrow.server.live.LiveServerEvent.Usage;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.Protocol;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ResponseFields;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.SessionFields;

/**
 * GPT-Live as the form of a session. The client appends sound and plays the sound that it gets, and the server finds
 * the turns. Clients do not report what they played. So speech is {@linkplain PacedOutput paced}, and an interrupted
 * reply is cut to the part that was sent.
 */
final class LiveProtocol implements Protocol {
    /** The estimated time of a character of a transcript: English has about 15 characters a second. */
    private static final int MS_PER_CHARACTER = 65;

    private static final int MAX_POSTPONED = 16;

    /** The silence that ends a turn. */
    private static final int SILENCE_MS =
            SessionConfig.DEFAULT.turnDetection().orElseThrow().silenceDurationMs();

    private final LiveSettings settings;
    private final LiveModel model;
    private final RealtimeFormat format;
    private final LongSupplier clock;
    private final Consumer<Frame> out;
    private final Consumer<Runnable> later;
    private final PacedOutput output;
    private final ToolDelegation tools;
    private LiveSettings.Delegation delegation;

    /** The time at which the session began, by the clock. */
    private long began;

    /** The settings that the session shows; null before it opens. */
    private SessionFields session;

    /** Takes the events for the session; null before the first event. */
    private Consumer<ClientEvent.Named> events;

    private boolean started;
    private boolean muted;

    /** True if the session refused the last event. */
    private boolean refused;

    private String clientEventId;

    /** The number of samples that the client appended. */
    private long appended;

    /** Start and end of the turns whose transcript is not complete, in ms of the session, by item. */
    private final Map<String, long[]> turns = new HashMap<>();

    private long wordsEnd;

    /** Truncations of interrupted items that were not given to the session yet. */
    private final List<ClientEvent> cuts = new ArrayList<>();

    private boolean responding;

    /** Requests for a response that wait for the end of the one that runs. */
    private final Deque<Runnable> postponed = new ArrayDeque<>();

    /** The properties of the model that a client sees. */
    record LiveModel(String id, boolean callsTools, boolean transcribes, int contextLength, Optional<String> caution) {}

    /**
     * @param lead the maximum sound that is sent ahead
     * @param clock nanoseconds, of any origin
     * @param out sends a frame at once
     * @param later runs a command of the session after the current one
     */
    LiveProtocol(
            LiveSettings settings,
            LiveModel model,
            Duration lead,
            LongSupplier clock,
            Consumer<Frame> out,
            Consumer<Runnable> later) {
        this.settings = settings;
        this.delegation = settings.delegation();
        this.model = model;
        this.format = settings.audio().format().format();
        this.clock = clock;
        this.out = out;
        this.later = later;
        this.output = new PacedOutput(format, lead);
        this.tools = new ToolDelegation(model.id(), this::send);
    }

    @Override
    public int maxBytes() {
        return ClientEvent.MAX_BYTES;
    }

    // Events of the client.

    @Override
    public void receive(String frame, Consumer<ClientEvent.Named> session, Client client) {
        events = session;
        clientEventId = null;
        refused = false;
        try {
            ObjectNode object = Json.object(frame);
            clientEventId = LiveEvent.id(object);
            receive(LiveEvent.read(object), client);
        } catch (RefusedException e) {
            give(new ClientEvent.Unreadable(e));
        }
        List<ClientEvent> now = List.copyOf(cuts);
        cuts.clear();
        now.forEach(this::give);
    }

    /** Gives an event to the session, and returns whether it was taken. */
    private boolean give(ClientEvent event) {
        refused = false;
        events.accept(new ClientEvent.Named(Optional.ofNullable(clientEventId), event, List.of()));
        return !refused;
    }

    private void receive(LiveEvent event, Client client) {
        switch (event) {
            case LiveEvent.Start _
            when started ->
                throw new RefusedException(
                        "session_already_started", "type", "type: expected session.start once, got it again");
            case LiveEvent.Start _ -> start();
            case LiveEvent.Update(LiveEvent.Changes changes) -> update(changes.delegation());
            case LiveEvent.AppendAudio(String audio) -> append(audio);
            case LiveEvent.Mute() -> {
                muted = true;
                send(new LiveServerEvent.Muted(clientEventId));
            }
            case LiveEvent.Unmute() -> {
                muted = false;
                send(new LiveServerEvent.Unmuted(clientEventId));
            }
            case LiveEvent.AppendInstructions(String content, JsonNode _) -> {
                if (!add(Item.Role.SYSTEM, content)) return;
                send(new LiveServerEvent.InstructionsAppended(ms(), ms(), clientEventId));
            }
            case LiveEvent.AppendThinking(String content, JsonNode _) -> {
                if (!add(Item.Role.SYSTEM, content)) return;
                send(new LiveServerEvent.ThinkingAppended(ms(), ms(), clientEventId));
            }
            case LiveEvent.AppendCommentary(String content, JsonNode _) -> {
                whenIdle(() -> {
                    if (add(Item.Role.USER, content)) give(new ClientEvent.CreateResponse(ResponseFields.NONE));
                });
                if (!refused) send(new LiveServerEvent.CommentaryAppended(ms(), ms(), clientEventId));
            }
            case LiveEvent.CreateItem(var item) -> {
                requireResponses();
                give(new ClientEvent.CreateItem(item, null));
            }
            case LiveEvent.CreateResponse() -> {
                requireResponses();
                whenIdle(() -> give(new ClientEvent.CreateResponse(ResponseFields.NONE)));
            }
            case LiveEvent.Close() -> {
                send(closed("close_requested"));
                client.close(1000, "the client closed the session");
            }
        }
    }

    private void start() {
        started = true;
        for (LiveSettings.Message message : settings.input()) give(new ClientEvent.CreateItem(message.item(), null));
        began = clock.getAsLong();
        send(new LiveServerEvent.Started(
                view(),
                clientEventId,
                model.caution().map(LiveServerEvent.Caution::new).orElse(null)));
    }

    private boolean add(Item.Role role, String text) {
        return give(new ClientEvent.CreateItem(LiveSettings.Message.item(role, "input_text", text), null));
    }

    private void requireResponses() {
        if (delegation.usesResponses()) return;
        throw new RefusedException(
                "invalid_value", "type", "type: expected a session whose delegation is responses, found client");
    }

    private void update(LiveSettings.Delegation change) {
        LiveSettings.Delegation merged = delegation.with(change);
        if (model.callsTools() && merged.usesResponses()) {
            ObjectNode fields = Json.tree(Map.of("instructions", settings.instructions(merged, true)));
            if (merged.responses() != null) {
                fields.set("tools", Json.tree(merged.responses().use().tools()));
                fields.set("tool_choice", merged.responses().use().choice());
            }
            if (!give(new ClientEvent.UpdateSession(Json.STRICT.read(fields, SessionFields.class)))) return;
        }
        delegation = merged;
        send(new LiveServerEvent.Updated(view(), clientEventId));
    }

    private void append(String audio) {
        byte[] bytes = ClientEvent.sound(audio, "audio");
        appended += format.samples(bytes.length);
        give(new ClientEvent.AppendAudio(muted ? silence(bytes) : audio));
    }

    /** Returns silence of the same length, which also ends a turn. */
    private String silence(byte[] bytes) {
        float[] samples = new float[(int) format.samples(bytes.length)];
        return Base64.getEncoder()
                .encodeToString(format.encoder(format.rateHz()).accept(samples));
    }

    /** Runs a request for a response now, or after the response that runs. */
    private void whenIdle(Runnable request) {
        if (postponed.size() == MAX_POSTPONED) {
            throw new RefusedException(
                    Problem.RATE_LIMIT, null, "response: expected at most " + MAX_POSTPONED + " waiting requests");
        }
        if (responding) postponed.add(request);
        else request.run();
    }

    private void requestPostponed() {
        clientEventId = null;
        while (!responding && !postponed.isEmpty()) postponed.poll().run();
    }

    // Events of the session.

    @Override
    public List<Frame> frames(ServerEvent event) {
        switch (event) {
            case ServerEvent.SessionCreated created -> session = created.session();
            case ServerEvent.SpeechStarted(String itemId, long startMs) -> {
                if (model.transcribes()) turns.put(itemId, new long[] {sessionMs(startMs), sessionMs(startMs)});
                for (PacedOutput.Cut cut : output.interrupt()) {
                    cuts.add(new ClientEvent.TruncateItem(cut.itemId(), 0, cut.sentMs()));
                }
            }
            case ServerEvent.SpeechStopped(String itemId, long endMs) -> {
                long[] turn = turns.get(itemId);
                if (turn != null) turn[1] = Math.max(turn[0], sessionMs(endMs - SILENCE_MS));
            }
            case ServerEvent.InputTranscriptDelta(var key, String delta) -> {
                long[] turn = turns.getOrDefault(key.itemId(), new long[] {ms(), ms()});
                send(new LiveServerEvent.InputTranscript(delta, turn[0], turn[1]));
            }
            case ServerEvent.InputTranscribed over -> turns.remove(over.key().itemId());
            case ServerEvent.InputTranscriptionFailed over ->
                turns.remove(over.key().itemId());
            case ServerEvent.ResponseCreated _ -> {
                responding = true;
                tools.begin();
            }
            case ServerEvent.OutputItemAdded(String _, int _, Item.Message message) -> {
                output.begin(message.id());
                wordsEnd = 0;
            }
            case ServerEvent.TranscriptDelta(var place, String delta, var _) -> {
                if (!delta.isEmpty()) output.text(place.itemId(), place.responseId(), delta);
            }
            case ServerEvent.AudioDelta delta -> {
                long samples = format.samples(ClientEvent.sound(delta.delta(), "delta").length);
                output.sound(delta.place().itemId(), delta.place().responseId(), delta.delta(), samples);
            }
            case ServerEvent.AudioDone(var place) -> output.complete(place.itemId());
            case ServerEvent.OutputItemDone(String responseId, int index, Item.FunctionCall call) ->
                tools.called(responseId, index, call, ms());
            case ServerEvent.ResponseDone(var response) -> over(response);
            case ServerEvent.Failed(var failure) -> {
                refused = true;
                boolean expired = failure.problem().code().equals("session_expired");
                send(expired ? closed("expired") : error(failure.problem(), failure.eventId()));
            }
            // The protocol has no event for the others.
            default -> {}
        }
        return due();
    }

    static LiveServerEvent error(Problem problem, String eventId) {
        return new LiveServerEvent.Failed(
                new Failure(problem.type(), problem.code(), problem.message(), problem.param(), eventId));
    }

    private void over(ServerEvent.ResponseView response) {
        responding = false;
        tools.end(response);
        LiveServerEvent.ContextWindow window = response.usage() == null
                ? null
                : new LiveServerEvent.ContextWindow(
                        Math.min(1, (double) response.usage().totalTokens() / model.contextLength()));
        send(new LiveServerEvent.UsageUpdated(new Usage(ms() / 1000.0), window));
        if (!postponed.isEmpty()) later.accept(this::requestPostponed);
    }

    // Speech.

    /** Forgets speech of a response that was not sent. */
    void retract(String responseId) {
        output.drop(responseId);
    }

    /** Returns the speech that is to be sent now. */
    List<Frame> due() {
        return output.take(clock.getAsLong()).stream().map(this::frame).toList();
    }

    /** Returns all speech that was not sent. */
    List<Frame> rest() {
        return output.takeAll(clock.getAsLong()).stream().map(this::frame).toList();
    }

    /** Returns the time until more speech is due; empty if none waits. */
    OptionalLong waitNanos() {
        return output.waitNanos(clock.getAsLong());
    }

    /** True while decoding should pause. Safe for every thread. */
    boolean isFull() {
        return output.isFull();
    }

    private Frame frame(PacedOutput.Due due) {
        if (!due.isText()) return frame(new LiveServerEvent.OutputAudio(due.delta()));
        long start = Math.max(wordsEnd, (due.atNanos() - began) / 1_000_000);
        wordsEnd = start + (long) due.delta().length() * MS_PER_CHARACTER;
        return frame(new LiveServerEvent.OutputTranscript(due.delta(), start, wordsEnd));
    }

    // Properties of the session.

    static Frame frame(LiveServerEvent event) {
        return new Frame(event.frame(), null, Duration.ZERO);
    }

    private void send(LiveServerEvent event) {
        out.accept(frame(event));
    }

    /** Returns the time since the session began. */
    private long ms() {
        return (clock.getAsLong() - began) / 1_000_000;
    }

    /**
     * Returns the time of a place in the appended sound, in ms of the session; its last sample is taken for the
     * present.
     */
    private long sessionMs(long appendedMs) {
        return Math.max(0, ms() - (appended * 1000 / format.rateHz() - appendedMs));
    }

    private Closed closed(String reason) {
        return new Closed(reason, view(), new Usage(ms() / 1000.0), clientEventId);
    }

    private LiveServerEvent.Session view() {
        return new LiveServerEvent.Session(
                session.id().textValue(),
                model.id(),
                "active",
                session.expiresAt().longValue(),
                settings.instructions(),
                settings.audio(),
                Json.tree(delegation),
                false);
    }
}
