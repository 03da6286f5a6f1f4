package sparrow.server.realtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.family.BadToolCallException;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PoolFullException;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.reply.Ids;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.ReplyEvent;

/** The responses of a session: one in the conversation at most, and some beside it. */
final class Responses {
    /** The most that may run beside the conversation. */
    private static final int MOST_ASIDE = 4;

    private final ConversationBackend model;
    private final History history;
    private final KeptAudio kept;
    private final ItemRoom room;
    private final Client client;
    private final Refusals refusals;
    private final SessionObserver observer;
    private final Ids ids;
    private final LongSupplier clock;
    private final ContextFit fit;
    private final Map<String, RunningResponse> running = new LinkedHashMap<>();

    /** The actions that wait for the end of a response that was cancelled. */
    private final Deque<Runnable> deferred = new ArrayDeque<>();

    /** The response that sounded last; none after the client emptied its player. */
    private Optional<RunningResponse> latest = Optional.empty();

    private boolean anySound;

    /** The action once all are over and no more begin; none while more may. */
    private Optional<Runnable> whenFinished = Optional.empty();

    /** The action once all are over of a client that is gone. */
    private Optional<Runnable> whenOver = Optional.empty();

    Responses(
            ConversationBackend model,
            History history,
            KeptAudio kept,
            ItemRoom room,
            Client client,
            Refusals refusals,
            SessionObserver observer,
            Ids ids,
            LongSupplier clock) {
        this.model = model;
        this.history = history;
        this.kept = kept;
        this.room = room;
        this.client = client;
        this.refusals = refusals;
        this.observer = observer;
        this.ids = ids;
        this.clock = clock;
        this.fit = new ContextFit(model);
    }

    /** The one of the conversation. */
    Optional<RunningResponse> active() {
        return running.values().stream()
                .filter(response -> !response.setup().isAside())
                .findFirst();
    }

    /** True if the user may hear the model now. */
    boolean isAudible() {
        return active().isPresent() || sounding().isPresent();
    }

    /** The response that a client still plays, if it plays what it gets as it comes. */
    Optional<RunningResponse> sounding() {
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
     * @throws RefusedException if it cannot be
     */
    void create(ResponseSetup setup) {
        requireRoom(setup);
        List<Item> items = setup.input().orElseGet(history::inContext);
        // While the model still listens it is too early to say; then the response itself fails.
        if (items.stream().noneMatch(Responses::isPending)) {
            setup.context(items).chat();
        }
        RunningResponse response = new RunningResponse(setup, model.facts(), ids.next("item_"), client);
        running.put(response.id(), response);
        client.send(new ServerEvent.ResponseCreated(response.view()));
        ask(response);
    }

    private void requireRoom(ResponseSetup setup) {
        if (whenFinished.isPresent()) {
            throw new RefusedException(Problem.SERVER, null, "the server is shutting down");
        }
        if (setup.isAside()) {
            if (running.values().stream().filter(one -> one.setup().isAside()).count() < MOST_ASIDE) return;
            throw new RefusedException(
                    Problem.RATE_LIMIT, null, "expected at most " + MOST_ASIDE + " responses beside the conversation");
        }
        room.require(setup.truncation());
        active().ifPresent(other -> {
            throw new RefusedException(
                    "conversation_already_has_active_response",
                    null,
                    "the conversation already has an active response: " + other.id());
        });
    }

    private static boolean isPending(Item item) {
        return item.parts().stream()
                .anyMatch(part -> part instanceof Content.InputAudio(Recording recording) && recording.isPending());
    }

    /** The model has listened to something: who waited for it goes on. */
    void heard() {
        for (RunningResponse response : List.copyOf(running.values())) {
            if (!response.isAsked()) ask(response);
        }
    }

    private void ask(RunningResponse response) {
        ResponseSetup setup = response.setup();
        List<Item> items = setup.input().orElseGet(history::inContext);
        if (items.stream().anyMatch(Responses::isPending)) return;
        try {
            ContextFit.Fitting fitting = fit.fit(setup, items);
            if (setup.input().isEmpty()) {
                history.forget(fitting.dropped());
                fitting.silenced().forEach(history::replace);
            }
            SpeechMode speechMode =
                    setup.modality() == OutputModality.TEXT ? SpeechMode.SILENT : SpeechMode.LOW_LATENCY;
            ReplyOptions options = new ReplyOptions(setup.config(), speechMode);
            response.report().follows(items);
            Consumer<ReplyEvent> events = event -> take(response, event);
            response.asked(
                    setup.isAside()
                            ? model.askAside(fitting.chat(), options, events, client::isReady)
                            : model.ask(fitting.chat(), options, events, client::isReady));
        } catch (RefusedException e) {
            refuse(response, Problem.of(e));
        } catch (PoolFullException e) {
            observer.rejected();
            refuse(response, Problem.of(Problem.RATE_LIMIT, e.getMessage(), Optional.empty()));
        } catch (IllegalArgumentException e) {
            refuse(response, Problem.of("invalid_value", e.getMessage(), Optional.empty()));
        } catch (IllegalStateException e) {
            refuse(response, Problem.of(Problem.SERVER, e.getMessage(), Optional.empty()));
        }
    }

    /** Nothing, or nothing more, comes of it. */
    private void refuse(RunningResponse response, Problem problem) {
        refusals.tell(problem, response.setup().clientEvent());
        over(response, Outcome.failed(problem), Optional.empty());
    }

    /**
     * Stops a response.
     *
     * @param id its name; none for that of the conversation
     * @throws RefusedException if none such runs
     */
    RunningResponse cancel(Optional<String> id, CancelReason reason) {
        RunningResponse response = id.map(running::get)
                .or(() -> id.isPresent() ? Optional.empty() : active())
                .filter(one -> !one.isCancelled())
                .orElseThrow(Responses::notActive);
        stop(response, reason);
        return response;
    }

    private static RefusedException notActive() {
        return new RefusedException(
                "response_cancel_not_active", null, "cancellation failed: no active response found");
    }

    /**
     * Stops what the user hears or is about to hear: the response of the conversation, else the one that is still played.
     *
     * @throws RefusedException if there is neither
     */
    RunningResponse silence() {
        RunningResponse response =
                active().filter(one -> !one.isCancelled()).or(this::sounding).orElseThrow(Responses::notActive);
        if (running.containsKey(response.id())) stop(response, CancelReason.CLIENT_CANCELLED);
        client.retract(response.id());
        silenced();
        return response;
    }

    /** Stops a response that may be stopped already. */
    void stop(RunningResponse response, CancelReason reason) {
        response.cancel(reason);
        if (!response.isAsked()) over(response, Outcome.cancelled(response), Optional.empty());
    }

    // Events of the replies.

    private void take(RunningResponse response, ReplyEvent event) {
        switch (event) {
            case ReplyEvent.Begun _ -> begun(response);
            case ReplyEvent.Decided(Step step) -> response.step(step);
            case ReplyEvent.Text(String piece) -> response.text(piece);
            case ReplyEvent.Called(ToolCall call, List<Unit> units) -> called(response, call, units);
            case ReplyEvent.Speech(float[] samples) -> speech(response, samples);
            case ReplyEvent.Ended(PooledReply reply) -> ended(response, reply);
            case ReplyEvent.Failed(RuntimeException failure) -> failed(response, failure);
        }
    }

    private void begun(RunningResponse response) {
        if (response.isCancelled()) return;
        if (!response.setup().isAside()) room.make(response.setup().truncation());
        Optional<String> previous = history.last();
        if (!response.setup().isAside()) history.append(response.emptyItem());
        response.begin(previous);
    }

    private void called(RunningResponse response, ToolCall call, List<Unit> units) {
        Item.FunctionCall item = new Item.FunctionCall(
                ids.next("item_"), Item.Status.COMPLETED, ids.next("call_"), call.name(), call.arguments(), units);
        boolean joins = !response.setup().isAside() && !response.isCancelled();
        if (joins) room.make(response.setup().truncation());
        response.call(item, history.last());
        if (joins) history.append(item);
    }

    private void speech(RunningResponse response, float[] samples) {
        response.speech(samples, clock.getAsLong());
        if (response.firstAudio() == 0 || response.isCancelled()) return;
        anySound = true;
        latest = Optional.of(response);
    }

    private void ended(RunningResponse response, PooledReply reply) {
        observer.finished(response, reply);
        if (isGone(response)) return;
        response.flush(clock.getAsLong());
        over(response, Outcome.of(response, reply), Optional.of(reply));
    }

    private void failed(RunningResponse response, RuntimeException failure) {
        observer.failed(response.id(), failure);
        if (isGone(response)) return;
        if (failure instanceof BadToolCallException) {
            refuse(response, Problem.of(Problem.BAD_CALL, failure.getMessage(), Optional.empty()));
            return;
        }
        Problem problem = Problem.of(Problem.SERVER, "the reply broke off", Optional.empty());
        over(response, Outcome.failed(problem), Optional.empty());
    }

    /** True if no client is left to be told of its end. */
    private boolean isGone(RunningResponse response) {
        if (whenOver.isEmpty()) return false;
        running.remove(response.id());
        if (running.isEmpty()) whenOver.get().run();
        return true;
    }

    private void over(RunningResponse response, Outcome outcome, Optional<PooledReply> reply) {
        running.remove(response.id());
        Item item = response.finalItem(outcome, reply.map(PooledReply::units).orElse(List.of()));
        Optional<String> previous = history.previousOf(item.id());
        history.replace(item);
        if (!response.setup().isAside()) {
            kept.put(new KeptAudio.Key(item.id(), 0), response.sound());
        }
        response.close(item, previous, response.view(outcome, item, reply));
        if (!response.setup().isAside()) {
            Collection<Runnable> now = new ArrayList<>(deferred);
            deferred.clear();
            now.forEach(Runnable::run);
        }
        if (running.isEmpty()) whenFinished.ifPresent(Runnable::run);
    }

    /**
     * No more begin.
     *
     * @param then is run once those are over that are under way
     */
    void finish(Runnable then) {
        whenFinished = Optional.of(then);
        if (running.isEmpty()) then.run();
    }

    /**
     * The client is gone.
     *
     * @param then is run once all are over
     */
    void close(Runnable then) {
        deferred.clear();
        whenOver = Optional.of(then);
        running.values().removeIf(response -> !response.isAsked());
        if (running.isEmpty()) then.run();
        else running.values().forEach(response -> response.cancel(CancelReason.DISCONNECTED));
    }
}
