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

/** The responses of a session: one in the conversation at most, and some beside it. */
final class Responses {
    /** The most that may run beside the conversation. */
    private static final int MOST_ASIDE = 4;

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

    /** The actions that wait for the end of a response that was cancelled. */
    private final List<Runnable> deferred = new ArrayList<>();

    /** The response that sounded last; none after the client emptied its player. */
    private Optional<Response> latest = Optional.empty();

    private boolean anySound;
    private Phase phase = Phase.OPEN;

    /** Runs once no response is running and the phase is no longer open. */
    private Runnable whenIdle = () -> {};

    private enum Phase {
        OPEN,
        /** No more begin; the client is notified of the ends of the running ones. */
        FINISHING,
        /** The client hears nothing more. */
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

    /** The one of the conversation, unless it was cancelled. */
    Optional<Response> unfinished() {
        return active().filter(response -> response.state() != ResponseState.CANCELLING);
    }

    /** True if the user may hear the model now. */
    boolean isAudible() {
        return active().isPresent() || sounding().isPresent();
    }

    /** The response that a client still plays, if it plays what it gets as it comes. */
    Optional<Response> sounding() {
        return latest.filter(response -> response.playback().unplayedSeconds(clock.getAsLong()) > 0);
    }

    /** True once sound was sent in this session. */
    boolean anySound() {
        return anySound;
    }

    /** The user's player was emptied. */
    void silenced() {
        latest = Optional.empty();
    }

    /** Runs something once the response of the conversation is over, which was cancelled. */
    void afterActive(Optional<String> clientEvent, Runnable action) {
        deferred.add(() -> refusals.attempt(clientEvent, action));
    }

    /**
     * Begins a response.
     *
     * @param config of the session, where this one has nothing else
     * @param clientEvent the event that asks for it
     * @param since when the client began to wait
     * @throws RefusedException if it cannot be
     */
    void create(ResponseFields overrides, SessionConfig config, Optional<String> clientEvent, long since) {
        ResponseSetup setup = setup(overrides, config, clientEvent, since);
        requireRoom(setup);
        List<Item> follows = follows(setup);
        // While the model still listens it is too early to say; then the response itself fails.
        if (!isPending(follows)) setup.context(follows).requireQuestion();
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
                since);
    }

    private List<Item> input(List<ItemDraft> drafts, SessionConfig config) {
        long characters = drafts.stream().mapToLong(ItemDraft::characters).sum();
        if (characters > History.MOST_CHARACTERS) {
            throw RefusedException.value(
                    "response.input",
                    "response.input: expected at most " + History.MOST_CHARACTERS + " characters of text, got "
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
            if (running.values().stream().filter(one -> one.setup().isAside()).count() < MOST_ASIDE) return;
            throw new RefusedException(
                    Problem.RATE_LIMIT, null, "expected at most " + MOST_ASIDE + " responses beside the conversation");
        }
        history.requireRoom(setup.truncation());
        active().ifPresent(other -> {
            throw new RefusedException(
                    "conversation_already_has_active_response",
                    null,
                    "the conversation already has an active response: " + other.id());
        });
    }

    /** The model has listened to something: the responses that waited for it go on. */
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
        try {
            Window window = setup.truncation().of(model.facts().window());
            Context.Fitting fitting = setup.context(follows).fit(model, window, setup.config());
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
     * Stops a response because the client wants it.
     *
     * @param id its name; null for that of the conversation
     * @throws RefusedException if none such runs
     */
    void cancel(String id) {
        Optional<Response> response = id == null ? active() : Optional.ofNullable(running.get(id));
        stop(
                response.filter(one -> one.state() != ResponseState.CANCELLING).orElseThrow(Responses::notActive),
                CancelReason.CLIENT_CANCELLED);
    }

    private static RefusedException notActive() {
        return new RefusedException(
                "response_cancel_not_active", null, "cancellation failed: no active response found");
    }

    /**
     * Stops what the user hears or is about to hear, the response of the conversation or else the one that is still played, and
     * returns its name.
     *
     * @throws RefusedException if there is neither
     */
    String silence() {
        Response response = unfinished().or(this::sounding).orElseThrow(Responses::notActive);
        if (running.containsKey(response.id())) stop(response, CancelReason.CLIENT_CANCELLED);
        client.retract(response.id());
        silenced();
        return response.id();
    }

    /** Stops a response that may be stopped already. */
    void stop(Response response, CancelReason reason) {
        if (response.state() == ResponseState.LISTENING) over(response, () -> response.cancel(reason));
        else response.cancel(reason);
    }

    // Events of the replies.

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
        over(response, () -> response.fail(Problem.of(Problem.SERVER, "the reply broke off")));
    }

    /** @param notify notifies the client of its end */
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

    /** Lets no more begin, and runs an action once the running ones are over. */
    void finish(Runnable then) {
        phase = Phase.FINISHING;
        whenIdle = then;
        runIfIdle();
    }

    /** The client is gone; then is run once all are over. */
    void close(Runnable then) {
        phase = Phase.GONE;
        deferred.clear();
        whenIdle = then;
        running.values().removeIf(response -> response.state() == ResponseState.LISTENING);
        running.values().forEach(response -> response.cancel(CancelReason.DISCONNECTED));
        runIfIdle();
    }
}
