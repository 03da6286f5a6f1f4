package sparrow.server.realtime.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.server.audio.Base64Pieces.Base64Piece;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.metrics.FinishedReply.Ending;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.ResponseState;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.ServerEvent.Part;
import sparrow.server.realtime.event.ServerEvent.Place;
import sparrow.server.realtime.event.ServerEvent.ResponseView;
import sparrow.server.realtime.event.ServerEvent.StatusDetails;
import sparrow.server.realtime.event.ServerEvent.Trace;
import sparrow.server.realtime.event.ServerEvent.Usage;
import sparrow.server.realtime.event.SessionFields;
import sparrow.server.realtime.session.ConversationBackend.ModelInfo;
import sparrow.server.reply.TraceLetter;

/** A response from {@code response.created} to {@code response.done}, with its state, items and events. */
final class Response {
    /** The reason why a response was stopped. */
    enum CancelReason {
        /** The user began to speak. */
        TURN_DETECTED(Ending.CANCELLED_TURN),
        /** The client cancelled the response. */
        CLIENT_CANCELLED(Ending.CANCELLED_CLIENT),
        /** The client disconnected and is not notified. */
        DISCONNECTED(Ending.DISCONNECTED);

        private final Ending ending;

        CancelReason(Ending ending) {
            this.ending = ending;
        }

        /** Returns the ending that is reported to the metrics. */
        Ending ending() {
            return ending;
        }
    }

    private final ResponseSetup setup;
    private final ModelInfo model;
    private final History history;
    private final Client client;
    private final Place place;
    private final OutputAudio sound;
    private final SoundBuffer spokenAudio;
    private final StringBuilder words = new StringBuilder();
    private final StringBuilder trace = new StringBuilder();

    /** The message, followed by the tool calls. Empty before the message begins. */
    private final List<Item> output = new ArrayList<>();

    private ResponseState state = ResponseState.LISTENING;
    private Optional<CancelReason> cancelReason = Optional.empty();
    private Optional<Recording> question = Optional.empty();
    private Optional<String> caution = Optional.empty();

    /** Null until the reply has been requested from the model. */
    private ReplyHandle handle;

    /** Time at which the first audio was sent, or 0 if no audio was sent. */
    private long firstAudio;

    private long soundingUnits;
    private int callUnits;

    /** @param itemId the id of the response's message */
    Response(ResponseSetup setup, String itemId, ModelInfo model, History history, Client client) {
        this.setup = setup;
        this.model = model;
        this.history = history;
        this.client = client;
        this.place = new Place(setup.id(), itemId, 0, 0);
        this.sound = new OutputAudio(setup.reply().format(), model.rateHz());
        this.spokenAudio = new SoundBuffer(model.rateHz(), 0);
        client.send(new ServerEvent.ResponseCreated(view(null, setup.metadata(), null)));
    }

    private ResponseView view(StatusDetails details, Map<String, String> metadata, Usage usage) {
        ReplySettings reply = setup.reply();
        return new ResponseView(
                id(),
                "realtime.response",
                state,
                details,
                List.copyOf(output),
                setup.conversationId().orElse(null),
                reply.outputModalities(),
                reply.maxOutputTokens(),
                new ServerEvent.Audio(new ServerEvent.Output(SessionFields.Format.of(reply.format()), reply.voice())),
                metadata,
                usage);
    }

    ResponseSetup setup() {
        return setup;
    }

    String id() {
        return setup.id();
    }

    String itemId() {
        return place.itemId();
    }

    ResponseState state() {
        return state;
    }

    Optional<CancelReason> cancelReason() {
        return cancelReason;
    }

    /** Returns the recording that the response answers, or empty if the question was typed. */
    Optional<Recording> question() {
        return question;
    }

    /** Returns the clock of the client's player. */
    PlaybackClock playback() {
        return sound.playback();
    }

    private void become(ResponseState next) {
        if (!state.next().contains(next)) throw new IllegalStateException("response: " + state + " before " + next);
        state = next;
    }

    /** Sets the items whose last question this response answers. */
    void follow(List<Item> items) {
        question = ResponseReport.question(items);
        caution = setup.context(items).instructions().flatMap(_ -> model.leftOut());
    }

    void ask(ReplyHandle reply) {
        become(ResponseState.QUEUED);
        handle = reply;
    }

    /**
     * Cancels the response, after which only its end is reported. If no reply was requested from the model, the end is
     * reported immediately.
     */
    void cancel(CancelReason reason) {
        if (state == ResponseState.CANCELLING) return;
        cancelReason = Optional.of(reason);
        client.retract(id());
        if (state == ResponseState.LISTENING) {
            end(ResponseState.CANCELLED, null, Optional.empty());
            return;
        }
        become(ResponseState.CANCELLING);
        handle.cancel();
    }

    void begin() {
        if (state == ResponseState.CANCELLING) return;
        become(ResponseState.SPEAKING);
        if (!setup.isAside()) history.makeRoom(setup.truncation());
        add(new Item.Message(itemId(), Item.Role.ASSISTANT, Item.Status.IN_PROGRESS, List.of()));
        client.send(new ServerEvent.PartAdded(place, Part.of(setup.isSpoken(), "")));
    }

    private void add(Item item) {
        client.send(new ServerEvent.OutputItemAdded(id(), output.size(), item));
        output.add(item);
        if (setup.isAside()) return;
        String previous = history.last();
        history.append(item);
        client.send(new ServerEvent.ItemAdded(previous, item));
    }

    /** Reports that an item of the output is final. */
    private void done(int index, Item item) {
        output.set(index, item);
        client.send(new ServerEvent.OutputItemDone(id(), index, item));
        if (setup.isAside()) return;
        String previous = history.previousOf(item.id());
        history.replace(item);
        client.send(new ServerEvent.ItemDone(previous, item));
    }

    void step(Step step) {
        trace.append(TraceLetter.of(step, model.layers()));
        if (model.sounds().test(step.unit())) soundingUnits++;
    }

    /** Returns the letters since the last delta, or null if there are no new letters. */
    private Trace takeTrace() {
        Trace taken = trace.isEmpty() ? null : new Trace(trace.toString());
        trace.setLength(0);
        return taken;
    }

    void text(String piece) {
        if (state != ResponseState.SPEAKING) return;
        words.append(piece);
        sendWords(piece);
    }

    private void sendWords(String piece) {
        client.send(
                setup.isSpoken()
                        ? new ServerEvent.TranscriptDelta(place, piece, takeTrace())
                        : new ServerEvent.TextDelta(place, piece, takeTrace()));
    }

    /** Adds a tool call of the model as an item with the given id. */
    void call(String itemId, String callId, ToolCall call, List<Unit> units) {
        callUnits += units.size();
        if (state != ResponseState.SPEAKING) return;
        if (!setup.isAside()) history.makeRoom(setup.truncation());
        Item.FunctionCall item =
                new Item.FunctionCall(itemId, Item.Status.COMPLETED, callId, call.name(), call.arguments(), units);
        int index = output.size();
        add(item.begun());
        client.send(new ServerEvent.ArgumentsDelta(id(), itemId, index, callId, item.arguments()));
        client.send(new ServerEvent.ArgumentsDone(id(), itemId, index, callId, item.name(), item.arguments()));
        done(index, item);
    }

    /** Sends audio. Returns whether any audio has been sent so far. */
    boolean speech(float[] more, long now) {
        if (state != ResponseState.SPEAKING || !setup.isSpoken()) return false;
        spokenAudio.append(more);
        send(sound.accept(more, now), now);
        return firstAudio != 0;
    }

    private void send(List<Base64Piece> pieces, long now) {
        if (!pieces.isEmpty() && firstAudio == 0) firstAudio = now;
        for (Base64Piece piece : pieces) {
            client.send(
                    new ServerEvent.AudioDelta(place, piece.text(), sound.milliseconds(piece.bytes()), takeTrace()));
        }
    }

    /** Ends the response with the complete reply. */
    void end(PooledReply reply, long now) {
        if (state == ResponseState.SPEAKING) {
            if (setup.isSpoken()) send(sound.finish(now), now);
            if (!trace.isEmpty()) sendWords("");
        }
        ResponseState end = state == ResponseState.CANCELLING
                ? ResponseState.CANCELLED
                : switch (reply.reply().stop()) {
                    case END_TOKEN -> ResponseState.COMPLETED;
                    case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL -> ResponseState.INCOMPLETE;
                    case CANCELLED, INTERRUPTED -> ResponseState.FAILED;
                };
        end(end, Problem.of(Problem.SERVER, Problem.SHUTTING_DOWN), Optional.of(reply));
    }

    /** Ends the response with an error. */
    void fail(Problem why) {
        end(ResponseState.FAILED, why, Optional.empty());
    }

    /** Ends the response. The error is null if the response did not fail. */
    private void end(ResponseState end, Problem why, Optional<PooledReply> reply) {
        become(end);
        if (!output.isEmpty()) endMessage(reply.map(PooledReply::units).orElse(List.of()));
        StatusDetails details = switch (end) {
            case CANCELLED ->
                new StatusDetails(end, cancelReason.orElseThrow().name().toLowerCase(Locale.ROOT), null);
            case INCOMPLETE -> new StatusDetails(end, "max_output_tokens", null);
            case FAILED -> new StatusDetails(end, null, why);
            default -> null;
        };
        client.send(new ServerEvent.ResponseDone(view(
                details,
                ResponseReport.metadata(setup, caution, model.layers(), firstAudio, reply),
                reply.map(ResponseReport::usage).orElse(null))));
        client.send(new ServerEvent.RateLimits(List.of()));
    }

    /** @param all all units of the reply, including its calls */
    private void endMessage(List<Unit> all) {
        List<Unit> units = all.subList(0, Math.max(0, all.size() - callUnits));
        long generated = Math.round(soundingUnits * 1000 / model.speechUnitsPerSecond());
        String text = words.toString();
        Content content;
        if (setup.isSpoken()) {
            content = new Content.OutputAudio(text, units, Math.max(sound.milliseconds(), generated));
            client.send(new ServerEvent.AudioDone(place));
            client.send(new ServerEvent.TranscriptDone(place, text));
        } else {
            content = new Content.OutputText(text, units);
            client.send(new ServerEvent.TextDone(place, text));
        }
        client.send(new ServerEvent.PartDone(place, Part.of(setup.isSpoken(), text)));
        Item.Status status = state == ResponseState.COMPLETED ? Item.Status.COMPLETED : Item.Status.INCOMPLETE;
        done(0, new Item.Message(itemId(), Item.Role.ASSISTANT, status, List.of(content)));
        if (!setup.isAside()) history.sound().put(new Content.Key(itemId(), 0), spokenAudio.sound());
    }
}
