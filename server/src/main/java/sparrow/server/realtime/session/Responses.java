package sparrow.server.realtime.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.chat.Window;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SlowListenerException;
import sparrow.models.pool.SpeechMode;
import sparrow.server.message.Ids;
import sparrow.server.message.LongTexts;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.ResponseFields;
import sparrow.server.realtime.event.ResponseState;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.session.Response.CancelReason;
import sparrow.server.reply.ReplyEvent;

/** A session's responses. At most one response is in the conversation, and several may be outside it. */
final class Responses {
    /** Code of the error for a second response in the conversation. */
    static final String ACTIVE = "conversation_already_has_active_response";

    private static final String NO_QUESTION =
            "response: expected an unanswered question of the user, or instructions for a model that follows them";

    /** Maximum number of running responses outside the conversation. */
    private static final int MAX_ASIDE = 4;

    private final String conversationId;
    private final ConversationBackend model;
    private final History history;
    private final ItemMaker items;
    private final Client client;
    private final Refusals refusals;
    private final SessionObserver observer;
    private final Ids ids;
    private final LongSupplier clock;
    private final Map<String, Response> running = new LinkedHashMap<>();

    /** Actions that wait for the end of a cancelled response. */
    private final List<Runnable> deferred = new ArrayList<>();

    /** The newest response with audio. Empty after the client cleared its player. */
    private Optional<Response> latest = Optional.empty();

    private boolean anySound;
    private Phase phase = Phase.OPEN;

    /** Action that is run when no response is running and no response may begin. */
    private Runnable whenIdle = () -> {};

    private enum Phase {
        OPEN,
        /** No more responses begin. The client is notified when the running responses end. */
        FINISHING,
        /** The client is no longer notified. */
        GONE
    }

    Responses(
            String conversationId,
            ConversationBackend model,
            History history,
            ItemMaker items,
            Client client,
            Refusals refusals,
            SessionObserver observer,
            Ids ids,
            LongSupplier clock) {
        this.conversationId = conversationId;
        this.model = model;
        this.history = history;
        this.items = items;
        this.client = client;
        this.refusals = refusals;
        this.observer = observer;
        this.ids = ids;
        this.clock = clock;
    }

    Optional<Response> active() {
        return running.values().stream()
                .filter(response -> !response.setup().isAside())
                .findFirst();
    }

    /** Returns the conversation's response unless it was cancelled. */
    Optional<Response> unfinished() {
        return active().filter(response -> response.state() != ResponseState.CANCELLING);
    }

    /** Returns whether the user may be hearing the model. */
    boolean isAudible() {
        return active().isPresent() || sounding().isPresent();
    }

    /** Returns the response that is still being played by a client that plays audio as it arrives. */
    Optional<Response> sounding() {
        return latest.filter(response -> response.playback().unplayedSeconds(clock.getAsLong()) > 0);
    }

    /** Returns whether any audio was sent in this session. */
    boolean anySound() {
        return anySound;
    }

    /** Records that the user's player was cleared. */
    void silenced() {
        latest = Optional.empty();
    }

    /** Returns the number of actions that wait for the end of a cancelled response. */
    int deferred() {
        return deferred.size();
    }

    /** Returns the memory of the settings and inputs of the running responses in bytes. */
    long bytes() {
        return running.values().stream()
                .mapToLong(response -> response.setup().bytes())
                .sum();
    }

    /** Runs an action when the conversation's cancelled response has ended. */
    void afterActive(Optional<String> clientEvent, Runnable action) {
        deferred.add(() -> refusals.attempt(clientEvent, action));
    }

    /**
     * Begins a response.
     *
     * @param config the session's settings, for values that the response does not override
     * @param clientEvent the id of the event that requests the response
     * @param since the time at which the client began to wait
     * @throws RefusedException if the request is invalid
     */
    void create(ResponseFields overrides, SessionConfig config, Optional<String> clientEvent, long since) {
        ResponseSetup setup = setup(overrides, config, clientEvent, since);
        requireRoom(setup);
        List<Item> follows = follows(setup);
        // Until all recordings are encoded, the question is unknown, and the response may fail later.
        if (!isPending(follows)) setup.context(follows).requireHeard();
        Response response = new Response(setup, items.newId(), model.facts(), history, client);
        running.put(response.id(), response);
        ask(response);
    }

    private ResponseSetup setup(
            ResponseFields overrides, SessionConfig config, Optional<String> clientEvent, long since) {
        ReplySettings reply = config.reply().with(overrides, "response");
        model.requireVoice(reply.voice(), "response.audio.output.voice");
        return new ResponseSetup(
                ids.next("resp_"),
                clientEvent,
                overrides.isAside() ? Optional.empty() : Optional.of(conversationId),
                reply,
                reply.tools().ofRealtime(model.facts().callsTools(), "response"),
                Optional.ofNullable(overrides.input()).map(input -> input(input, config)),
                overrides.metadata(),
                config.truncation(),
                model.config(reply.overrides()),
                overrides.settingsBytes(),
                since);
    }

    private List<Item> input(List<ItemDraft> drafts, SessionConfig config) {
        long characters = drafts.stream().mapToLong(ItemDraft::characters).sum();
        if (characters > History.MAX_CHARACTERS) {
            throw RefusedException.value(
                    "response.input",
                    "response.input: expected at most " + History.MAX_CHARACTERS + " characters of text, got "
                            + characters);
        }
        List<Item> all = new ArrayList<>();
        for (ItemDraft one : drafts) {
            String param = "response.input[" + all.size() + "]";
            all.add(
                    one.isReference()
                            ? referred(one.id(), param + ".id", all)
                            : items.make(one, param, config.inputFormat()));
        }
        return all;
    }

    private Item referred(String id, String param, List<Item> before) {
        Item item = history.require(id, param);
        if (!before.contains(item)) return item;
        throw RefusedException.value(param, param + ": expected each item once, got " + id + " again");
    }

    private void requireRoom(ResponseSetup setup) {
        if (phase != Phase.OPEN) {
            throw new RefusedException(Problem.SERVER, null, Problem.SHUTTING_DOWN);
        }
        if (setup.isAside()) {
            if (running.values().stream().filter(one -> one.setup().isAside()).count() < MAX_ASIDE) return;
            throw new RefusedException(
                    Problem.RATE_LIMIT, null, "expected at most " + MAX_ASIDE + " responses outside the conversation");
        }
        history.requireRoom(setup.truncation());
        active().ifPresent(other -> {
            throw new RefusedException(ACTIVE, null, "the conversation already has an active response: " + other.id());
        });
    }

    /** Continues the responses that waited for a recording to be encoded. */
    void heard() {
        for (Response response : List.copyOf(running.values())) {
            if (response.state() == ResponseState.LISTENING) ask(response);
        }
    }

    private List<Item> follows(ResponseSetup setup) {
        return setup.input().orElseGet(history::inContext);
    }

    private static boolean isPending(List<Item> items) {
        return items.stream()
                .flatMap(item -> item.parts().stream())
                .anyMatch(part -> part instanceof Recording recording && recording.isPending());
    }

    private void ask(Response response) {
        ResponseSetup setup = response.setup();
        List<Item> follows = follows(setup);
        if (isPending(follows)) return;
        long characters = setup.reply().instructions().length()
                + follows.stream().mapToLong(Item::characters).sum();
        LongTexts.run(characters, () -> {
            ask(response, follows);
            return null;
        });
    }

    private void ask(Response response, List<Item> follows) {
        ResponseSetup setup = response.setup();
        try {
            Window window = setup.truncation().of(model.facts().window());
            Context context = setup.context(follows);
            context.requireHeard();
            context = context.orInstructions(model.facts().leftOut().isEmpty());
            if (!context.isAsked()) {
                // Stock clients end a session after an error event.
                over(response, () -> response.fail(Problem.of("invalid_value", NO_QUESTION)));
                return;
            }
            Context.Fitting fitting = context.fit(model, window, setup.config());
            if (setup.input().isEmpty()) history.retain(fitting.items());
            ReplyOptions options =
                    new ReplyOptions(setup.config(), setup.isSpoken() ? SpeechMode.LOW_LATENCY : SpeechMode.SILENT);
            Consumer<ReplyEvent> events = event -> take(response, event);
            response.follow(follows);
            response.ask(
                    setup.isAside()
                            ? model.askAside(fitting.chat(), options, events, client::isReady)
                            : model.ask(fitting.chat(), options, events, client::isReady));
        } catch (RefusedException e) {
            refuse(response, Problem.of(e));
        } catch (PoolFullException e) {
            observer.rejected();
            refuse(response, Problem.of(Problem.RATE_LIMIT, e.getMessage()));
        } catch (IllegalArgumentException e) {
            refuse(response, Problem.of("invalid_value", e.getMessage()));
        } catch (IllegalStateException e) {
            refuse(response, Problem.of(Problem.SERVER, e.getMessage()));
        }
    }

    private void refuse(Response response, Problem problem) {
        refusals.notifyClient(problem, response.setup().clientEvent());
        over(response, () -> response.fail(problem));
    }

    /**
     * Stops a response at the client's request.
     *
     * @param id the response's id, or null for the conversation's response
     * @throws RefusedException if no such response is running
     */
    void cancel(String id) {
        Optional<Response> response = id == null ? active() : Optional.ofNullable(running.get(id));
        stop(
                response.filter(one -> one.state() != ResponseState.CANCELLING).orElseThrow(Responses::notActive),
                CancelReason.CLIENT_CANCELLED);
    }

    private static RefusedException notActive() {
        return new RefusedException(
                "response_cancel_not_active", null, "Cancellation failed: no active response found");
    }

    /**
     * Stops the conversation's response, or the response that is still being played, and returns its id.
     *
     * @throws RefusedException if there is no such response
     */
    String silence() {
        Response response = unfinished().or(this::sounding).orElseThrow(Responses::notActive);
        if (running.containsKey(response.id())) stop(response, CancelReason.CLIENT_CANCELLED);
        client.retract(response.id());
        silenced();
        return response.id();
    }

    /** Stops a response. Does nothing if it has already been stopped. */
    void stop(Response response, CancelReason reason) {
        if (response.state() == ResponseState.LISTENING) over(response, () -> response.cancel(reason));
        else response.cancel(reason);
    }

    // Handling of a reply's events.

    private void take(Response response, ReplyEvent event) {
        switch (event) {
            case ReplyEvent.Begun _ -> response.begin();
            case ReplyEvent.Decided(Step step) -> response.step(step);
            case ReplyEvent.Text(String piece) -> response.text(piece);
            case ReplyEvent.Called(ToolCall call, List<Unit> units) ->
                response.call(items.newId(), ids.next("call_"), call, units);
            case ReplyEvent.Speech(float[] samples) -> {
                if (!response.speech(samples, clock.getAsLong())) return;
                anySound = true;
                latest = Optional.of(response);
            }
            case ReplyEvent.Ended(PooledReply reply) -> {
                observer.finished(response, reply);
                over(response, () -> response.end(reply, clock.getAsLong()));
            }
            case ReplyEvent.Failed(RuntimeException failure) -> {
                observer.failed(response.id(), failure);
                failed(response, failure);
            }
        }
    }

    private void failed(Response response, RuntimeException failure) {
        if (phase != Phase.GONE && failure instanceof BadToolCallException) {
            refuse(response, Problem.of(Problem.BAD_CALL, failure.getMessage()));
            return;
        }
        if (phase != Phase.GONE && failure instanceof SlowListenerException) {
            refuse(response, Problem.of("response_timeout", failure.getMessage()));
            return;
        }
        over(response, () -> response.fail(Problem.of(Problem.SERVER, "the reply failed")));
    }

    /** Removes a response that has ended, and runs the given action to notify the client. */
    private void over(Response response, Runnable notify) {
        running.remove(response.id());
        if (phase != Phase.GONE) {
            notify.run();
            if (!response.setup().isAside()) {
                List<Runnable> now = List.copyOf(deferred);
                deferred.clear();
                now.forEach(Runnable::run);
            }
        }
        runIfIdle();
    }

    private void runIfIdle() {
        if (running.isEmpty() && phase != Phase.OPEN) whenIdle.run();
    }

    /** Prevents new responses, and runs an action when the current responses have ended. */
    void finish(Runnable then) {
        phase = Phase.FINISHING;
        whenIdle = then;
        runIfIdle();
    }

    /** Handles the client's disconnection, and runs an action when all responses have ended. */
    void close(Runnable then) {
        phase = Phase.GONE;
        deferred.clear();
        whenIdle = then;
        running.values().removeIf(response -> response.state() == ResponseState.LISTENING);
        running.values().forEach(response -> response.cancel(CancelReason.DISCONNECTED));
        runIfIdle();
    }
}
