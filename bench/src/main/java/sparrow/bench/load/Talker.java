package sparrow.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * A simulated user of a server, who asks, listens, sometimes interrupts, thinks, and asks again. A talker is a state
 * machine that acts only when it receives an event or the current time. All times are arguments, in nanoseconds of a
 * single clock.
 */
public final class Talker {
    /** Maximum time to wait for an event, in nanoseconds. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** The phase of a turn. */
    private enum Phase {
        CONNECTING,
        THINKING,
        SPEAKING,
        WAITING,
        HEARING,
        OVER
    }

    private final TalkerPlan plan;
    private final Wire wire;
    private final SplittableRandom random;
    private final AudioSource microphone;
    private final TalkerLog log = new TalkerLog();
    private final Map<String, HeardReply> open = new HashMap<>();

    /** Items of the conversation, except deleted items. */
    private final List<String> items = new ArrayList<>();

    private Phase phase = Phase.CONNECTING;

    /** The reply to the last question, or null before it is created. */
    private HeardReply reply;

    private boolean requested;

    /** Time at which the last question ended. */
    private long committedAt;

    private OptionalLong stopped = OptionalLong.empty();
    private long thinkingUntil;
    private long interruptAt = Long.MAX_VALUE;
    private long lastNews;

    /**
     * Creates a talker.
     *
     * @param now time of the connection
     */
    public Talker(TalkerPlan plan, Wire wire, SplittableRandom random, long now) {
        this.plan = plan;
        this.wire = wire;
        this.random = random;
        this.microphone = new AudioSource(wire, plan.turnTaking() == TurnTaking.SERVER_VAD);
        this.lastNews = now;
    }

    public TalkerLog log() {
        return log;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Returns the time of the next {@link #tick}. */
    long wakeAt() {
        long own = switch (phase) {
            case THINKING -> thinkingUntil;
            case HEARING -> Math.min(interruptAt, reply.isDone() ? reply.dryAt() : Long.MAX_VALUE);
            case CONNECTING, SPEAKING, WAITING, OVER -> Long.MAX_VALUE;
        };
        return Math.min(Math.min(own, microphone.wakeAt()), givesUpAt());
    }

    private long givesUpAt() {
        return switch (phase) {
            case CONNECTING, WAITING -> lastNews + PATIENCE_NANOS;
            case HEARING -> reply.isDone() ? Long.MAX_VALUE : lastNews + PATIENCE_NANOS;
            case THINKING, SPEAKING, OVER -> Long.MAX_VALUE;
        };
    }

    void accept(long now, JsonNode event) {
        if (isOver()) return;
        lastNews = now;
        switch (event.path("type").asText()) {
            case "session.created" -> wire.send(ClientEvents.session(plan.turnTaking()));
            case "session.updated" -> begin(now);
            case "input_audio_buffer.speech_started" -> speechDetected(now);
            case "input_audio_buffer.speech_stopped" -> stopped = OptionalLong.of(now);
            case "response.created" ->
                created(now, event.path("response").path("id").asText());
            case "response.output_audio.delta" -> audio(now, event);
            case "response.output_audio.done" -> audioDone(now, event);
            case "response.done" -> done(now, event.path("response"));
            case "conversation.item.added" ->
                items.add(event.path("item").path("id").asText());
            case "conversation.item.truncated" -> log.truncationMade();
            case "error" -> error(now, event.path("error"));
            default -> {} // Other events are not measured.
        }
        tick(now);
    }

    void disconnected(String why) {
        if (isOver()) return;
        log.broke(why);
        for (HeardReply heard : open.values()) {
            if (!heard.isDone() && !heard.isCut()) log.brokeOff("broke off: " + why);
        }
        phase = Phase.OVER;
    }

    /** Performs all actions that are due at {@code now}. */
    void tick(long now) {
        if (isOver()) return;
        microphone.tick(now);
        settle(now);
        if (phase == Phase.THINKING && now >= thinkingUntil) ask(now);
        if (phase == Phase.SPEAKING && open.isEmpty()) forget();
        if (phase == Phase.SPEAKING && !microphone.isSpeaking()) listen(now);
        if (phase == Phase.WAITING) request();
        if (phase == Phase.HEARING && now >= interruptAt) interrupt(now);
        if (now >= givesUpAt()) disconnected("no event for " + PATIENCE_NANOS / 1_000_000_000 + " s");
    }

    /** Completes replies that were played to their end, or that were interrupted and ended by the server. */
    private void settle(long now) {
        for (HeardReply heard : List.copyOf(open.values())) {
            if (!heard.isOver(now)) continue;
            open.remove(heard.id());
            boolean broken = !heard.isCut()
                    && (heard.ending().startsWith("failed") || heard.ending().startsWith("cancelled"));
            if (broken) log.brokeOff((heard.hasAudio() ? "broke off: " : "no sound: ") + heard.ending());
            else if (heard.hasAudio() || heard.isCut()) log.reply(heard.measure());
            else if (heard.ending().equals("completed")) log.silent();
            else log.turnFailed("no sound: " + heard.ending());
            boolean awaited = phase == Phase.WAITING || phase == Phase.HEARING;
            // If the awaited reply was interrupted, the rest of the question leads to another reply.
            if (heard == reply && awaited && !heard.isCut()) think(now);
        }
    }

    private void begin(long now) {
        if (phase != Phase.CONNECTING) return;
        microphone.open(now);
        think(now);
    }

    /** Schedules the next question after a random delay of 0.5 to 1.5 seconds, so that talkers are not synchronised. */
    private void think(long now) {
        phase = Phase.THINKING;
        thinkingUntil = now + random.nextLong(500_000_000, 1_500_000_000);
        if (!another(now)) phase = Phase.OVER;
    }

    private boolean another(long now) {
        return log.questions() < plan.turns() && now < plan.noneAfter();
    }

    private void ask(long now) {
        log.countQuestion();
        phase = Phase.SPEAKING;
        reply = null;
        requested = false;
        stopped = OptionalLong.empty();
        interruptAt = Long.MAX_VALUE;
        lastNews = now;
        microphone.say(plan.questions().get(random.nextInt(plan.questions().size())), now);
    }

    /** Deletes the items of the conversation unless history is kept. Must be called after the last answer has ended. */
    private void forget() {
        if (plan.history() == History.KEPT) return;
        for (String item : items) wire.send(ClientEvents.delete(item));
        items.clear();
    }

    private void listen(long now) {
        committedAt = now;
        lastNews = now;
        phase = reply != null && reply.hasAudio() && !reply.isCut() ? Phase.HEARING : Phase.WAITING;
    }

    /** Commits the question and requests a response, after interrupted responses have ended. */
    private void request() {
        if (plan.turnTaking() != TurnTaking.MANUAL || requested) return;
        if (!open.isEmpty()) return;
        forget();
        requested = true;
        wire.send(ClientEvents.COMMIT);
        wire.send(ClientEvents.CREATE);
    }

    private void created(long now, String id) {
        // A client ends a question at the end of the recording, and a server at the end of the speech in the recording.
        long questionEnd = plan.turnTaking() == TurnTaking.MANUAL ? committedAt : microphone.spoken();
        reply = new HeardReply(id, questionEnd, stopped, now);
        open.put(id, reply);
    }

    private void audio(long now, JsonNode event) {
        HeardReply heard = open.get(event.path("response_id").asText());
        if (heard == null) return;
        boolean first = !heard.hasAudio();
        heard.audio(
                now,
                event.path("item_id").asText(),
                Recording.nanos(event.path("delta").asText()));
        if (heard != reply) return;
        if (first && another(now) && random.nextDouble() < plan.bargeIn()) {
            interruptAt = now + random.nextLong(300_000_000, 1_500_000_000);
        }
        if (phase == Phase.WAITING) phase = Phase.HEARING;
    }

    private void audioDone(long now, JsonNode event) {
        HeardReply heard = open.get(event.path("response_id").asText());
        if (heard != null) heard.audioDone(now);
    }

    private void done(long now, JsonNode response) {
        HeardReply heard = open.get(response.path("id").asText());
        if (heard == null) return;
        String reason = response.at("/status_details/reason")
                .asText(response.at("/status_details/error/code").asText());
        heard.done(now, (response.path("status").asText() + " " + reason).strip());
    }

    private void interrupt(long now) {
        switch (plan.turnTaking()) {
            case MANUAL -> {
                if (!reply.isDone()) wire.send(ClientEvents.cancel(reply.id()));
                cut(now, reply);
            }
            // Playback stops when the server has detected speech.
            case SERVER_VAD -> {}
        }
        ask(now);
    }

    /** Stops playback after the server has detected speech. */
    private void speechDetected(long now) {
        for (HeardReply heard : open.values()) {
            if (heard.isOver(now) || heard.isCut()) continue;
            cut(now, heard);
            // The server detected speech by mistake.
            if (heard == reply && phase == Phase.HEARING) think(now);
        }
    }

    private void cut(long now, HeardReply heard) {
        heard.cut(now);
        long played = heard.playedMs(now);
        if (played > 0) {
            wire.send(ClientEvents.truncate(heard.item(), played));
            log.truncationSent();
        }
    }

    private void error(long now, JsonNode error) {
        String code = error.path("code").asText("no code");
        log.error(code);
        String cause = error.path("event_id").asText("");
        boolean ofThisTurn = cause.equals("commit") || cause.equals("create");
        boolean refused = error.path("type").asText().equals("rate_limit_error");
        if (phase == Phase.CONNECTING) disconnected(error.path("message").asText(code));
        else if (phase == Phase.WAITING && (ofThisTurn || refused)) {
            log.turnFailed("refused: " + code);
            think(now);
        }
    }
}
