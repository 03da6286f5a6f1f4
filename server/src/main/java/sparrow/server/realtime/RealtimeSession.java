package sparrow.server.realtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.realtime.ServerEvent.SessionView;
import sparrow.server.reply.RefusedException;
import sparrow.server.vad.Vad;
import sparrow.speech.wave.Waveform;

/**
 * One session of the protocol: events of a client in, events of the server out. A plain object: one call at a time, no thread, no
 * socket, and time only from the clock that it was given. It survives every event.
 */
final class RealtimeSession {
    private final SessionView identity;
    private final String conversationId;
    private final Interlocutor model;
    private final Client client;
    private final LongSupplier clock;
    private final long expiry;
    private final Refusals refusals;
    private final History history = new History();
    private final KeptAudio kept = new KeptAudio();
    private final Responses responses;
    private final ItemMaker items;
    private final ResponseMaker maker;
    private final InputTurns turns;
    private SessionConfig config;
    private boolean closed;

    /**
     * @param identity its name, its model, when it ends, and its settings at the beginning
     * @param lasting nanoseconds until it ends
     * @param vads each a detector that has heard nothing
     * @param clock nanoseconds, of any origin
     */
    RealtimeSession(
            SessionView identity,
            long lasting,
            Interlocutor model,
            Client client,
            Supplier<Vad> vads,
            LongSupplier clock,
            Ids ids) {
        this.identity = identity;
        this.config = identity.config();
        this.conversationId = ids.next("conv_");
        this.model = model;
        this.client = client;
        this.clock = clock;
        this.expiry = clock.getAsLong() + lasting;
        this.refusals = new Refusals(client, clock);
        this.responses = new Responses(model, history, kept, client, refusals, ids, clock);
        this.items = new ItemMaker(model, kept, ids, responses::heard);
        this.maker = new ResponseMaker(model, history, items, ids, conversationId);
        this.turns = new InputTurns(vads, new Turns(), config);
    }

    /** The first events. */
    void open() {
        client.send(new ServerEvent.SessionCreated(view()));
        client.send(new ServerEvent.ConversationCreated(conversationId));
    }

    private SessionView view() {
        return new SessionView(identity.id(), identity.model(), identity.expiresAt(), config);
    }

    /** Answers an event. */
    void receive(ClientEvent.Named event) {
        if (closed) return;
        refusals.attempt(event.id(), () -> receive(event.event(), event.id()));
    }

    private void receive(ClientEvent event, Optional<String> name) {
        switch (event) {
            case ClientEvent.UpdateSession(Fields session) -> update(session);
            case ClientEvent.AppendAudio(byte[] bytes) -> turns.append(bytes);
            case ClientEvent.CommitAudio() -> turns.commit();
            case ClientEvent.ClearAudio() -> {
                turns.clear();
                client.send(new ServerEvent.AudioCleared());
            }
            case ClientEvent.CreateItem(ItemDraft item, Optional<String> after) -> create(item, after);
            case ClientEvent.RetrieveItem(String id) -> retrieve(id);
            case ClientEvent.DeleteItem(String id) -> delete(id, name);
            case ClientEvent.TruncateItem(String id, long audioEndMs) -> truncate(id, audioEndMs, name);
            case ClientEvent.CreateResponse(ResponseWishes wishes) -> respond(wishes, name, clock.getAsLong());
            case ClientEvent.CancelResponse(Optional<String> id) -> responses.cancel(id, "client_cancelled");
            case ClientEvent.ClearOutput() -> clearOutput();
            case ClientEvent.Unreadable(RefusedException why) -> throw why;
        }
    }

    private void update(Fields session) {
        SessionConfig merged = SessionReader.merge(config, session);
        String param = session.param("audio.output.voice");
        if (!merged.voice().equals(config.voice())) {
            model.requireVoice(merged.voice(), param);
            if (responses.anySound()) {
                throw RefusedException.value(param, param + ": expected no change after the first audio");
            }
        }
        model.config(merged.wishes());
        config = merged;
        turns.change(config);
        client.send(new ServerEvent.SessionUpdated(view()));
    }

    private void respond(ResponseWishes wishes, Optional<String> name, long since) {
        boolean ending = responses.active().filter(RunningResponse::isCancelled).isPresent();
        if (ending && !wishes.aside()) {
            responses.afterActive(name, () -> respond(wishes, name, since));
            return;
        }
        responses.create(maker.make(wishes, config, name, since));
    }

    private void clearOutput() {
        RunningResponse response = responses.cancel(Optional.empty(), "client_cancelled");
        responses.silenced();
        client.send(new ServerEvent.OutputCleared(response.id()));
    }

    // Items.

    private void create(ItemDraft draft, Optional<String> after) {
        draft.id()
                .filter(id -> id.equals(History.ROOT) || history.find(id).isPresent())
                .ifPresent(id -> {
                    throw RefusedException.value("item.id", "item.id: expected one that is not taken, got " + id);
                });
        history.requireRoom();
        after.filter(id -> !id.equals(History.ROOT)).ifPresent(id -> history.require(id, "previous_item_id"));
        Item item = items.make(draft, config.inputFormat());
        after.ifPresentOrElse(id -> history.insert(id, "previous_item_id", item), () -> history.append(item));
        announce(item);
    }

    private void announce(Item item) {
        Optional<String> previous = history.previousOf(item.id());
        client.send(new ServerEvent.ItemAdded(item, previous));
        client.send(new ServerEvent.ItemDone(item, previous));
    }

    private void retrieve(String id) {
        Item item = history.require(id, "item_id");
        RealtimeFormat format = item.role() == Item.Role.USER ? config.inputFormat() : config.outputFormat();
        Map<Integer, String> audio = new HashMap<>();
        IntStream.range(0, item.content().size())
                .forEach(index -> kept.find(new KeptAudio.Key(id, index))
                        .ifPresent(sound -> audio.put(index, KeptAudio.base64(sound, format))));
        client.send(new ServerEvent.ItemRetrieved(item, audio));
    }

    private void delete(String id, Optional<String> name) {
        history.require(id, "item_id");
        if (stops(id)) {
            responses.afterActive(name, () -> delete(id, name));
            return;
        }
        history.remove(id);
        kept.remove(id);
        client.send(new ServerEvent.ItemDeleted(id));
    }

    /** Whether the response still runs that an item comes from; it is stopped. */
    private boolean stops(String itemId) {
        Optional<RunningResponse> running =
                responses.active().filter(response -> response.itemId().equals(itemId));
        running.ifPresent(response -> responses.stop(response, "client_cancelled"));
        return running.isPresent();
    }

    private void truncate(String id, long audioEndMs, Optional<String> name) {
        Item item = history.find(id)
                .orElseThrow(() -> new RefusedException(
                        "item_truncate_invalid_item_id",
                        "item_id",
                        "item_id: no item of this conversation is called " + id));
        if (stops(id)) {
            responses.afterActive(name, () -> truncate(id, audioEndMs, name));
            return;
        }
        if (!(item.content().getFirst() instanceof Content.OutputAudio said)) {
            throw new RefusedException(
                    "unsupported_content_type", "item_id", "item_id: expected an item of the assistant with audio");
        }
        if (audioEndMs > said.ms()) {
            throw RefusedException.value(
                    "audio_end_ms",
                    "audio_end_ms: the item has " + said.ms() + " ms of audio, got " + audioEndMs + " ms");
        }
        if (audioEndMs < said.ms()) {
            int[] ids = model.heardPart(said.ids(), audioEndMs / 1000.0);
            String transcript = ids.length == said.ids().length ? said.transcript() : model.text(ids);
            history.replace(
                    item.with(Item.Status.INCOMPLETE, List.of(new Content.OutputAudio(transcript, ids, audioEndMs))));
            kept.cut(new KeptAudio.Key(id, 0), audioEndMs);
        }
        responses.silenced();
        client.send(new ServerEvent.ItemTruncated(id, audioEndMs));
    }

    // Turns of the user.

    private final class Turns implements InputTurns.Listener {
        @Override
        public String speechStarted(long startMs) {
            String itemId = items.newId();
            client.send(new ServerEvent.SpeechStarted(itemId, startMs));
            if (config.turnDetection().filter(TurnDetection::interruptResponse).isPresent()) {
                responses.active().ifPresent(response -> responses.stop(response, "turn_detected"));
            }
            return itemId;
        }

        @Override
        public void speechStopped(String itemId, long endMs) {
            client.send(new ServerEvent.SpeechStopped(itemId, endMs));
        }

        @Override
        public void turn(Optional<String> itemId, Waveform said) {
            Optional<String> previous = history.last();
            String id = itemId.orElseGet(items::newId);
            Item item = items.said(id, said);
            history.append(item);
            client.send(new ServerEvent.AudioCommitted(id, previous));
            announce(item);
        }

        @Override
        public void afterSpeech() {
            if (config.turnDetection().filter(TurnDetection::createResponse).isEmpty()) return;
            long since = clock.getAsLong();
            refusals.attempt(Optional.empty(), () -> respond(ResponseWishes.NONE, Optional.empty(), since));
        }

        @Override
        public void speaking(Waveform soFar) {
            if (responses.active().isPresent()) return;
            Context context = Context.of(config.instruction(), history.inContext());
            model.expect(soFar, context.instructions(), context.exchanges());
        }

        @Override
        public boolean isAudible() {
            return responses.isAudible();
        }
    }

    // Its end.

    /** Looks at the clock; to be called every second or so. */
    void tick() {
        if (closed || clock.getAsLong() - expiry < 0) return;
        refusals.tell(
                Problem.of("session_expired", "the session has reached its longest duration", Optional.empty()),
                Optional.empty());
        client.close(1000, "session expired");
    }

    /** The client is gone: nothing more is made for it. */
    void close() {
        if (closed) return;
        closed = true;
        responses.close();
        model.close();
    }
}
