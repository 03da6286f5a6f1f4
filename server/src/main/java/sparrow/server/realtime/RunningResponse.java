package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.server.audio.Base64Piece;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.realtime.ServerEvent.Part;
import sparrow.server.realtime.ServerEvent.Place;
import sparrow.server.realtime.ServerEvent.ResponseView;
import sparrow.server.realtime.ServerEvent.Trace;
import sparrow.server.reply.TraceLetter;

/** A response that has not had its {@code response.done}: what was said of it so far, and the events that say it. */
final class RunningResponse {
    private final ResponseSetup setup;
    private final ModelInfo facts;
    private final String itemId;
    private final Client client;
    private final OutputAudio sound;
    private final SoundBuffer said;
    private final ResponseReport report;
    private final StringBuilder words = new StringBuilder();
    private final StringBuilder trace = new StringBuilder();
    private final List<Item.FunctionCall> calls = new ArrayList<>();

    private Optional<ReplyHandle> handle = Optional.empty();
    private Optional<CancelReason> cancelReason = Optional.empty();
    private boolean begun;
    private long firstAudio;
    private long soundingUnits;
    private int callUnits;

    RunningResponse(ResponseSetup setup, ModelInfo facts, String itemId, Client client) {
        this.setup = setup;
        this.facts = facts;
        this.itemId = itemId;
        this.client = client;
        this.sound = new OutputAudio(setup.format(), facts.rateHz());
        this.said = new SoundBuffer(facts.rateHz(), 0);
        this.report = new ResponseReport(setup, facts);
    }

    ResponseSetup setup() {
        return setup;
    }

    String id() {
        return setup.id();
    }

    String itemId() {
        return itemId;
    }

    /** True once the model has been asked. */
    boolean isAsked() {
        return handle.isPresent();
    }

    void asked(ReplyHandle reply) {
        handle = Optional.of(reply);
    }

    /** The report at its end. */
    ResponseReport report() {
        return report;
    }

    boolean isCancelled() {
        return cancelReason.isPresent();
    }

    /** Nothing more of it is said but its end. */
    void cancel(CancelReason reason) {
        if (isCancelled()) return;
        cancelReason = Optional.of(reason);
        handle.ifPresent(ReplyHandle::cancel);
        client.retract(id());
    }

    /** When its first sound was sent; 0 if none was. */
    long firstAudio() {
        return firstAudio;
    }

    /** The length of the sound that was sent. */
    long sentMs() {
        return sound.milliseconds();
    }

    private Place place() {
        return new Place(id(), itemId);
    }

    /** The item as it is while more of it comes. */
    Item emptyItem() {
        return new Item.Message(itemId, Item.Role.ASSISTANT, Item.Status.IN_PROGRESS, List.of());
    }

    /** Its item appears. */
    void begin(Optional<String> previous) {
        begun = true;
        client.send(new ServerEvent.OutputItemAdded(id(), 0, emptyItem()));
        if (!setup.isAside()) client.send(new ServerEvent.ItemAdded(previous.orElse(null), emptyItem()));
        client.send(new ServerEvent.PartAdded(place(), Part.of(setup.modality(), "")));
    }

    void step(Step step) {
        trace.append(TraceLetter.of(step, facts.layers()));
        if (facts.sounds().test(step.unit())) soundingUnits++;
    }

    private Trace takeTrace() {
        Trace taken = Trace.of(trace.toString());
        trace.setLength(0);
        return taken;
    }

    void text(String piece) {
        if (isCancelled()) return;
        words.append(piece);
        sendWords(piece);
    }

    private void sendWords(String piece) {
        client.send(
                switch (setup.modality()) {
                    case AUDIO -> new ServerEvent.TranscriptDelta(place(), piece, takeTrace());
                    case TEXT -> new ServerEvent.TextDelta(place(), piece, takeTrace());
                });
    }

    /** Its model called a tool: an item of its own, which a client that cancelled does not hear of. */
    void call(Item.FunctionCall call, Optional<String> previous) {
        callUnits += call.units().size();
        if (isCancelled()) return;
        calls.add(call);
        int index = calls.size();
        client.send(new ServerEvent.OutputItemAdded(id(), index, call.begun()));
        if (!setup.isAside()) client.send(new ServerEvent.ItemAdded(previous.orElse(null), call.begun()));
        client.send(new ServerEvent.ArgumentsDelta(id(), call.id(), index, call.callId(), call.arguments()));
        client.send(
                new ServerEvent.ArgumentsDone(id(), call.id(), index, call.callId(), call.name(), call.arguments()));
        client.send(new ServerEvent.OutputItemDone(id(), index, call));
        if (!setup.isAside()) client.send(new ServerEvent.ItemDone(previous.orElse(null), call));
    }

    void speech(float[] more, long now) {
        if (isCancelled() || setup.modality() == OutputModality.TEXT) return;
        said.append(more);
        send(sound.accept(more, now), now);
    }

    private void send(List<Base64Piece> pieces, long now) {
        if (!pieces.isEmpty() && firstAudio == 0) firstAudio = now;
        for (Base64Piece piece : pieces) {
            client.send(new ServerEvent.AudioDelta(place(), piece.text(), sound.milliseconds(piece), takeTrace()));
        }
    }

    /** The rest of sound and depths is sent. */
    void flush(long now) {
        if (!begun || isCancelled()) return;
        if (setup.modality() == OutputModality.AUDIO) send(sound.finish(now), now);
        if (!trace.isEmpty()) sendWords("");
    }

    /** The clock of its player. */
    PlaybackClock playback() {
        return sound.playback();
    }

    /** The words so far, as they were sent. */
    String words() {
        return words.toString();
    }

    /**
     * Everything that was added is done.
     *
     * @param item as it stays
     */
    void close(Item item, Optional<String> previous, ResponseView last) {
        if (begun) {
            if (setup.modality() == OutputModality.AUDIO) client.send(new ServerEvent.AudioDone(place()));
            client.send(
                    switch (setup.modality()) {
                        case AUDIO -> new ServerEvent.TranscriptDone(place(), words());
                        case TEXT -> new ServerEvent.TextDone(place(), words());
                    });
            client.send(new ServerEvent.PartDone(place(), Part.of(setup.modality(), words())));
            client.send(new ServerEvent.OutputItemDone(id(), 0, item));
            if (!setup.isAside()) client.send(new ServerEvent.ItemDone(previous.orElse(null), item));
        }
        client.send(new ServerEvent.ResponseDone(last));
        client.send(new ServerEvent.RateLimits(List.of()));
    }

    /** As it is at its beginning. */
    ResponseView view() {
        return ResponseView.of(setup, Outcome.NONE, List.of(), setup.metadata(), null);
    }

    /** As it is at its end. */
    ResponseView view(Outcome outcome, Item item, Optional<PooledReply> reply) {
        return ResponseView.of(
                setup,
                outcome,
                begun ? Stream.concat(Stream.of(item), calls.stream()).toList() : List.of(),
                report.metadata(firstAudio, reply),
                reply.map(ResponseReport::usage).orElse(null));
    }

    /**
     * Its message as it stays.
     *
     * @param all units of the reply, its calls included
     */
    Item finalItem(Outcome outcome, List<Unit> all) {
        List<Unit> units = all.subList(0, Math.max(0, all.size() - callUnits));
        long generated = Math.round(soundingUnits * 1000 / facts.speechUnitsPerSecond());
        Content content = setup.modality() == OutputModality.TEXT
                ? new Content.OutputText(words(), units)
                : new Content.OutputAudio(words(), units, Math.max(sentMs(), generated));
        return new Item.Message(itemId, Item.Role.ASSISTANT, outcome.itemStatus(), List.of(content));
    }

    /** Everything that it said, at the model's rate. */
    Sound sound() {
        return said.sound();
    }

    /** The reason of its cancellation. */
    Optional<CancelReason> cancelReason() {
        return cancelReason;
    }
}
