package sparrow.server.realtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyHandle;
import sparrow.server.audio.Base64Piece;
import sparrow.server.audio.PlaybackClock;
import sparrow.server.realtime.ServerEvent.Place;
import sparrow.server.realtime.ServerEvent.ResponseView;
import sparrow.server.realtime.ServerEvent.Status;
import sparrow.server.realtime.ServerEvent.Usage;
import sparrow.server.reply.TraceLetter;
import sparrow.speech.wave.Waveform;

/** A response that has not had its {@code response.done}: what was said of it so far, and the events that say it. */
final class RunningResponse {
    private final ResponseSetup setup;
    private final ModelFacts facts;
    private final String itemId;
    private final Client client;
    private final OutputAudio sound;
    private final SoundBuffer said = new SoundBuffer();
    private final ResponseReport report;
    private final StringBuilder words = new StringBuilder();
    private final StringBuilder trace = new StringBuilder();

    private Optional<ReplyHandle> handle = Optional.empty();
    private Optional<CancelReason> cancelReason = Optional.empty();
    private boolean begun;
    private long firstAudio;
    private long soundingUnits;

    RunningResponse(ResponseSetup setup, ModelFacts facts, String itemId, Client client) {
        this.setup = setup;
        this.facts = facts;
        this.itemId = itemId;
        this.client = client;
        this.sound = new OutputAudio(setup.format(), facts.rateHz());
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

    /** Whether the model has been asked. */
    boolean isAsked() {
        return handle.isPresent();
    }

    void asked(ReplyHandle reply) {
        handle = Optional.of(reply);
    }

    /** What is told of it at its end. */
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

    /** Whether its item is there. */
    boolean isBegun() {
        return begun;
    }

    /** When its first sound was sent; 0 if none was. */
    long firstAudio() {
        return firstAudio;
    }

    /** How much sound was sent. */
    long sentMs() {
        return sound.milliseconds();
    }

    private Place place() {
        return new Place(id(), itemId);
    }

    /** The item as it is while more of it comes. */
    Item emptyItem() {
        return new Item(itemId, Item.Role.ASSISTANT, Item.Status.IN_PROGRESS, List.of());
    }

    /** Its item appears. */
    void begin(Optional<String> previous) {
        begun = true;
        client.send(new ServerEvent.OutputItemAdded(id(), emptyItem()));
        if (!setup.isAside()) client.send(new ServerEvent.ItemAdded(emptyItem(), previous));
        client.send(new ServerEvent.PartAdded(place(), setup.modality()));
    }

    void step(Step step) {
        trace.append(TraceLetter.of(step, facts.layers()));
        if (facts.sounds().test(step.unit())) soundingUnits++;
    }

    private String takeTrace() {
        String taken = trace.toString();
        trace.setLength(0);
        return taken;
    }

    void text(String piece) {
        if (isCancelled()) return;
        words.append(piece);
        client.send(new ServerEvent.WordsDelta(place(), setup.modality(), piece, takeTrace()));
    }

    void speech(float[] more, long now) {
        if (isCancelled() || setup.modality() == OutputModality.TEXT) return;
        said.append(more);
        send(sound.accept(more, now), now);
    }

    private void send(List<Base64Piece> pieces, long now) {
        if (!pieces.isEmpty() && firstAudio == 0) firstAudio = now;
        for (Base64Piece piece : pieces) {
            client.send(new ServerEvent.AudioDelta(place(), piece, sound.milliseconds(piece), takeTrace()));
        }
    }

    /** What is left of sound and depths is sent. */
    void flush(long now) {
        if (!begun || isCancelled()) return;
        if (setup.modality() == OutputModality.AUDIO) send(sound.finish(now), now);
        if (!trace.isEmpty()) {
            client.send(new ServerEvent.WordsDelta(place(), setup.modality(), "", takeTrace()));
        }
    }

    /** What of it was played. */
    PlaybackClock playback() {
        return sound.playback();
    }

    /** What was said so far, as it was sent. */
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
            client.send(new ServerEvent.WordsDone(place(), setup.modality(), words()));
            client.send(new ServerEvent.PartDone(place(), setup.modality(), words()));
            client.send(new ServerEvent.OutputItemDone(id(), item));
            if (!setup.isAside()) client.send(new ServerEvent.ItemDone(item, previous));
        }
        client.send(new ServerEvent.ResponseDone(last));
        client.send(new ServerEvent.RateLimits());
    }

    /** As it is at its beginning. */
    ResponseView view() {
        return view(
                Status.IN_PROGRESS, Optional.empty(), Optional.empty(), List.of(), setup.metadata(), Optional.empty());
    }

    /** As it is at its end. */
    ResponseView view(Outcome outcome, Item item, Optional<PooledReply> reply) {
        return view(
                outcome.status(),
                outcome.reason(),
                outcome.problem(),
                begun ? List.of(item) : List.of(),
                report.metadata(firstAudio, reply),
                reply.map(ResponseReport::usage));
    }

    /** Its item as it stays. */
    Item finalItem(Outcome outcome, List<Unit> units) {
        long generated = Math.round(soundingUnits * 1000 / facts.speechUnitsPerSecond());
        Content content = setup.modality() == OutputModality.TEXT
                ? new Content.OutputText(words(), units)
                : new Content.OutputAudio(words(), units, Math.max(sentMs(), generated));
        return new Item(itemId, Item.Role.ASSISTANT, outcome.itemStatus(), List.of(content));
    }

    /** Everything that it said, at the model's rate. */
    Waveform sound() {
        return new Waveform(said.copy(), facts.rateHz());
    }

    private ResponseView view(
            Status status,
            Optional<String> reason,
            Optional<Problem> problem,
            List<Item> output,
            Map<String, String> metadata,
            Optional<Usage> usage) {
        return new ResponseView(
                id(),
                status,
                reason,
                problem,
                output,
                setup.conversationId(),
                setup.modality(),
                setup.maxOutputTokens(),
                setup.format(),
                setup.voice(),
                metadata,
                usage);
    }

    /** Why it was cancelled. */
    Optional<CancelReason> cancelReason() {
        return cancelReason;
    }
}
