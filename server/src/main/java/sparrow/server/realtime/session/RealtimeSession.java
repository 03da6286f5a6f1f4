package sparrow.server.realtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import sparrow.models.family.Tool;
import sparrow.server.audio.Sound;
import sparrow.server.message.Ids;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.ResponseFields;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.SessionFields;
import sparrow.server.realtime.event.TurnDetection;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.vad.Turn;

/**
 * A session of the protocol, which receives a client's events and sends the server's events. It is called by one thread
 * at a time, has no thread and no socket, and uses only the given clock. No event ends the session with an exception.
 */
public final class RealtimeSession {
    private static final int PROTOCOL_COPIES = 2;
    private static final int MAX_UNHEARD = 8;
    private static final int MAX_DEFERRED = 16;

    /** Name that a client includes to receive the detector's probabilities. */
    private static final JsonNode SPEECH_PROBABILITY = TextNode.valueOf("sparrow.speech_probability");

    private final Identity identity;
    private final String conversationId;
    private final ConversationBackend model;
    private final Client client;
    private final OnInterrupt onInterrupt;
    private final SessionObserver observer;
    private final LongSupplier clock;
    private final long expiry;
    private final Refusals refusals;
    private final History history;
    private final SessionMemory.Share sound;
    private final SessionMemory.Share texts;
    private final Responses responses;
    private final ItemMaker itemMaker;
    private final Items items;
    private final InputTurns turns;
    private final InputTranscriptions transcriptions;
    private SessionConfig config;
    private boolean showsJudgements;

    /** The response that waits until the cancelled response has ended. */
    private Optional<ResponseFields> waiting = Optional.empty();

    private long waitingBytes;

    /** Memory of the settings. A protocol that configures the session keeps a copy of them. */
    private long settingsBytes;

    private boolean closed;

    /**
     * The constant properties of a session.
     *
     * @param expiresAt the time at which the session ends, in seconds since 1970
     * @param caution a note that the handshake requested another model, or empty if it did not
     */
    public record Identity(String id, String model, long expiresAt, SessionConfig config, Optional<String> caution) {}

    /**
     * @param options the session's limits
     * @param sound the session's share of the memory for audio
     * @param texts the session's share of the memory for its conversation and settings
     * @param clock a source of nanoseconds since an arbitrary origin
     */
    public RealtimeSession(
            Identity identity,
            RealtimeOptions options,
            SessionMemory.Share sound,
            SessionMemory.Share texts,
            ConversationBackend model,
            Client client,
            SessionObserver observer,
            LongSupplier clock,
            Ids ids) {
        this.identity = identity;
        this.config = identity.config();
        this.settingsBytes = config.reply().bytes();
        this.sound = sound;
        this.texts = texts;
        this.conversationId = ids.next("conv_");
        this.model = model;
        this.client = client;
        this.onInterrupt = options.onInterrupt();
        this.observer = observer;
        this.clock = clock;
        this.expiry = clock.getAsLong() + options.longest().toNanos();
        this.refusals = new Refusals(client, observer, clock);
        KeptAudio kept = new KeptAudio(sound.own());
        this.history = new History(kept, client);
        this.itemMaker = new ItemMaker(model, kept, sound, texts, ids, this::heard);
        this.responses =
                new Responses(conversationId, model, history, itemMaker, client, refusals, observer, ids, clock);
        this.items = new Items(model, history, itemMaker, responses, client, observer);
        this.transcriptions = new InputTranscriptions(model, history, client, observer, this::countSound);
        this.turns = new InputTurns(options.vads(), new Turns(), sound, config);
    }

    public void open() {
        client.send(new ServerEvent.SessionCreated(view(), ServerEvent.Caution.of(identity.caution())));
        client.send(new ServerEvent.ConversationCreated(
                new ServerEvent.Conversation(conversationId, "realtime.conversation")));
    }

    private SessionFields view() {
        return config.view(identity.id(), identity.model(), identity.expiresAt());
    }

    /**
     * Returns whether the session can accept another event. It accepts no event while too many recordings wait to be
     * encoded, or too many events wait for the end of a cancelled response.
     */
    public boolean isReady() {
        return itemMaker.unheard() < MAX_UNHEARD && responses.deferred() < MAX_DEFERRED;
    }

    public void receive(ClientEvent.Named event) {
        if (closed) return;
        refusals.attempt(event.id(), () -> {
            try {
                if (!texts.take(bytes(event.event()))) throw SessionMemory.fullOfText();
                receive(event.event(), event.id());
            } catch (RefusedException e) {
                throw event.settings().isEmpty() ? e : e.and("not applied: " + String.join(", ", event.settings()));
            }
        });
        transcriptions.next();
        countSound();
        texts.hold(settingsBytes + history.bytes() + responses.bytes() + waitingBytes);
    }

    /** Returns the memory in bytes that an event adds, apart from audio. */
    private static long bytes(ClientEvent event) {
        return switch (event) {
            case ClientEvent.UpdateSession(SessionFields session) -> session.bytes();
            case ClientEvent.Configure(SessionConfig wanted) ->
                PROTOCOL_COPIES * wanted.reply().bytes();
            case ClientEvent.CreateItem(ItemDraft item, String _) -> item.bytes();
            case ClientEvent.CreateResponse(ResponseFields response) -> response.bytes();
            default -> 0;
        };
    }

    private void countSound() {
        sound.hold(turns.kept() + itemMaker.unheardSamples() + transcriptions.samples());
        sound.keep(history.sound().bytes());
    }

    /** Handles an encoded recording. The response to the recording starts before its transcription. */
    private void heard(Content.Key key, Recording recording, Sound speech) {
        responses.heard();
        if (config.transcribes()) transcriptions.add(key, recording, speech, config.responds());
        // The client must be notified of the item before its transcript.
        if (history.find(key.itemId()).isPresent()) transcriptions.next();
        countSound();
    }

    private void receive(ClientEvent event, Optional<String> name) {
        switch (event) {
            case ClientEvent.UpdateSession(SessionFields session) -> update(session, name);
            case ClientEvent.Configure(SessionConfig wanted) -> {
                configure(wanted);
                settingsBytes = PROTOCOL_COPIES * wanted.reply().bytes();
                turns.change(config);
            }
            case ClientEvent.AppendAudio(String audio) -> turns.append(ClientEvent.sound(audio, "audio"));
            case ClientEvent.CommitAudio() -> turns.commit();
            case ClientEvent.ClearAudio() -> {
                turns.clear();
                client.send(new ServerEvent.AudioCleared());
            }
            case ClientEvent.CreateItem(ItemDraft item, String after) ->
                items.create(item, after, config.inputFormat(), turns.turnItem());
            case ClientEvent.RetrieveItem(String id) -> items.retrieve(id, config);
            case ClientEvent.DeleteItem(String id) -> items.delete(id, name);
            case ClientEvent.TruncateItem(String id, Number _, Number audioEndMs) ->
                items.truncate(id, audioEndMs.longValue(), name);
            case ClientEvent.CreateResponse(ResponseFields overrides) -> respond(overrides, name, clock.getAsLong());
            case ClientEvent.CancelResponse(String id) -> responses.cancel(id);
            case ClientEvent.ClearOutput() -> client.send(new ServerEvent.OutputCleared(responses.silence()));
            case ClientEvent.Unreadable(RefusedException why) -> throw why;
        }
    }

    private void update(SessionFields session, Optional<String> name) {
        SessionConfig wanted = config.merge(session, identity.model());
        boolean isCallable =
                model.facts().callsTools() || wanted.reply().tools().tools().isEmpty();
        configure(isCallable ? wanted : wanted.withoutTools());
        settingsBytes = config.reply().bytes();
        if (session.include() != null) {
            showsJudgements = session.include().valueStream().anyMatch(SPEECH_PROBABILITY::equals);
        }
        client.send(new ServerEvent.SessionUpdated(
                view(),
                SessionConfig.caution(session, identity.model(), model.facts().leftOut())));
        // Stock clients send tools together with settings that every model supports.
        if (!isCallable) refusals.attempt(name, () -> wanted.reply().tools().ofRealtime(false, "session"));
        // The waiting audio may contain turns.
        turns.change(config);
    }

    private void configure(SessionConfig wanted) {
        String param = "session.audio.output.voice";
        if (!wanted.reply().voice().equals(config.reply().voice())) {
            model.requireVoice(wanted.reply().voice(), param);
            if (responses.anySound()) {
                throw RefusedException.value(param, param + ": expected no change after the first audio");
            }
        }
        wanted.reply().tools().ofRealtime(model.facts().callsTools(), "session");
        model.config(wanted.reply().overrides());
        config = wanted;
    }

    private void respond(ResponseFields overrides, Optional<String> name, long since) {
        if (!config.responds()) {
            throw RefusedException.value(null, "response.create: a transcription session has no responses");
        }
        boolean ending =
                responses.active().isPresent() && responses.unfinished().isEmpty();
        if (ending && !overrides.isAside()) {
            if (waiting.isPresent()) {
                throw new RefusedException(
                        Responses.ACTIVE, null, "another response waits for the end of the cancelled response");
            }
            // Until it is read, the response is kept as it was sent, with the audio of its items.
            long bytes = (long) Character.BYTES * Json.text(overrides).length();
            if (!texts.take(bytes)) throw SessionMemory.fullOfText();
            waiting = Optional.of(overrides);
            waitingBytes = bytes;
            responses.afterActive(name, () -> {
                waiting = Optional.empty();
                waitingBytes = 0;
                respond(overrides, name, since);
            });
            return;
        }
        responses.create(overrides, config, name, since);
    }

    // Handling of the user's turns.

    private final class Turns implements InputTurns.Listener {
        @Override
        public String speechStarted(long startMs) {
            String itemId = itemMaker.newId();
            boolean interrupts = config.turnDetection()
                    .filter(TurnDetection::interruptResponse)
                    .isPresent();
            Optional<Response> interrupted = responses.unfinished().filter(_ -> interrupts);
            // Audio that is waiting to be sent must not delay this event.
            interrupted.ifPresent(response -> client.retract(response.id()));
            client.send(new ServerEvent.SpeechStarted(itemId, startMs));
            if (interrupts && onInterrupt == OnInterrupt.ESTIMATE) cutToEstimate();
            interrupted.ifPresent(this::interrupt);
            return itemId;
        }

        private void cutToEstimate() {
            responses.sounding().ifPresent(response -> {
                long heardMs = response.playback().playedMillis(clock.getAsLong());
                Runnable cut = () -> items.cutToEstimate(response.itemId(), heardMs);
                if (responses.active().isPresent()) responses.afterActive(Optional.empty(), cut);
                else cut.run();
            });
        }

        private void interrupt(Response response) {
            long since = clock.getAsLong();
            responses.afterActive(Optional.empty(), () -> observer.bargedIn(clock.getAsLong() - since));
            responses.stop(response, Response.CancelReason.TURN_DETECTED);
        }

        @Override
        public void requireRoom() {
            history.requireRoom(config.truncation());
        }

        @Override
        public void turn(Optional<String> itemId, Sound speech) {
            history.makeRoom(config.truncation());
            String previous = history.last();
            String id = itemId.orElseGet(itemMaker::newId);
            Item item = itemMaker.spokenItem(id, speech);
            history.append(item);
            client.send(new ServerEvent.AudioCommitted(id, previous));
            history.announce(item);
        }

        @Override
        public void speechStopped(String itemId, Turn turn) {
            client.send(new ServerEvent.SpeechStopped(itemId, turn.endMs()));
            long since = clock.getAsLong();
            refusals.attempt(Optional.empty(), () -> {
                requireRoom();
                turn(Optional.of(itemId), turn.audio());
                if (!config.responds()
                        || config.turnDetection()
                                .filter(TurnDetection::createResponse)
                                .isEmpty()) return;
                respond(ResponseFields.NONE, Optional.empty(), since);
            });
        }

        @Override
        public void speaking(Sound soFar) {
            if (!config.responds() || responses.active().isPresent()) return;
            List<Tool> tools = config.reply().tools().ofRealtime(model.facts().callsTools(), "session");
            Context context = Context.of(config.reply().instruction(), tools, history.inContext());
            model.prefillEarly(soFar, context.instructions(), context.tools(), context.turns());
        }

        @Override
        public boolean isAudible() {
            return responses.isAudible();
        }

        @Override
        public void judged(float probability) {
            // An append may contain minutes of audio, with an event for every 32 ms.
            if (showsJudgements && client.isReady()) client.send(new ServerEvent.SpeechProbability(probability));
        }
    }

    // The end of the session.

    /** Checks for timeouts. Must be called about once a second. */
    public void tick() {
        if (closed || clock.getAsLong() - expiry < 0) return;
        refusals.notifyClient(
                Problem.of("session_expired", "the session has reached its maximum duration"), Optional.empty());
        client.close(1000, "session expired");
    }

    /** Starts no more responses, and runs an action when the running responses have ended. */
    public void finish(Runnable then) {
        if (!closed) responses.finish(then);
    }

    /** Ends the session after the client has disconnected, and runs an action when the running responses have ended. */
    public void close(Runnable then) {
        if (closed) return;
        closed = true;
        transcriptions.close();
        sound.close();
        texts.close();
        responses.close(then);
        model.close();
    }
}
