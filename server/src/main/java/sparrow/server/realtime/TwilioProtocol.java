package sparrow.server.realtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.TurnDetection;

/**
 * A telephone call over Twilio's Media Streams, as a session's client. The server sends a mark after each piece of
 * audio, and Twilio returns it when the caller has heard the piece. An interruption clears the remaining audio, and
 * truncates the reply at the last returned mark.
 */
final class TwilioProtocol implements Protocol {
    /**
     * Maximum number of seconds by which the caller's audio may be ahead of the clock, because after an interruption
     * all delayed audio arrives at once.
     */
    static final int MAX_SECONDS_AHEAD = 5;

    /** Pattern of mark names: the item's id, and the number of the item's samples sent so far. */
    private static final Pattern MARK = Pattern.compile("(\\w+)-(\\d{1,9})");

    private static final RealtimeFormat FORMAT = RealtimeFormat.PCMU;

    private final String streamSid;
    private final boolean interrupts;
    private final LongSupplier clock;
    private final long started;
    private long callerSamples;

    /** The id of the item that is being played or sent, or null if there is no such item. */
    private String itemId;

    private long sentSamples;
    private long heardSamples;

    private boolean complete;

    private Optional<ClientEvent> truncation = Optional.empty();

    /**
     * Creates the protocol of one call.
     *
     * @param streamSid Twilio's id of the stream
     * @param clock a source of nanoseconds since an arbitrary origin
     */
    TwilioProtocol(String streamSid, SessionConfig config, LongSupplier clock) {
        this.streamSid = streamSid;
        this.interrupts =
                config.turnDetection().filter(TurnDetection::interruptResponse).isPresent();
        this.clock = clock;
        this.started = clock.getAsLong();
    }

    @Override
    public int maxBytes() {
        return TwilioMessage.MAX_BYTES;
    }

    @Override
    public void receive(String frame, Consumer<ClientEvent.Named> session, Client client) {
        TwilioMessage.read(frame).ifPresent(message -> receive(message, session, client));
    }

    private void receive(TwilioMessage message, Consumer<ClientEvent.Named> session, Client client) {
        switch (message) {
            case TwilioMessage.Media(String sid, TwilioMessage.Sound sound) -> {
                requireStream(sid);
                requireRealTime(ClientEvent.sound(sound.payload(), "media.payload").length);
                session.accept(unnamed(new ClientEvent.AppendAudio(sound.payload())));
                truncation.ifPresent(cut -> session.accept(unnamed(cut)));
                truncation = Optional.empty();
            }
            case TwilioMessage.Mark(String sid, TwilioMessage.Label mark) -> {
                requireStream(sid);
                heard(mark.name());
            }
            // The model does not process pressed keys.
            case TwilioMessage.Dtmf(String sid) -> requireStream(sid);
            case TwilioMessage.Stop(String sid) -> {
                requireStream(sid);
                client.close(1000, "the call is over");
            }
            case TwilioMessage.Connected _, TwilioMessage.Start _, TwilioMessage.Clear _ ->
                throw RefusedException.value("event", "event: expected media, mark, dtmf or stop after start");
        }
    }

    private static ClientEvent.Named unnamed(ClientEvent event) {
        return new ClientEvent.Named(Optional.empty(), event, List.of());
    }

    private void requireStream(String sid) {
        if (!streamSid.equals(sid)) {
            throw RefusedException.value("streamSid", "streamSid: expected the one in start, got another");
        }
    }

    private void requireRealTime(long samples) {
        callerSamples += samples;
        double ahead = (double) callerSamples / FORMAT.rateHz() - (clock.getAsLong() - started) * 1e-9;
        if (ahead > MAX_SECONDS_AHEAD) {
            throw RefusedException.value(
                    "media",
                    "media: expected at most " + MAX_SECONDS_AHEAD + " s of audio ahead of the time since start");
        }
    }

    private void heard(String mark) {
        Matcher name = MARK.matcher(mark);
        if (!name.matches()) throw unknownMark();
        // Twilio also returns the marks of cleared audio.
        if (!name.group(1).equals(itemId)) return;
        long samples = Long.parseLong(name.group(2));
        if (samples > sentSamples) throw unknownMark();
        heardSamples = Math.max(heardSamples, samples);
    }

    private static RefusedException unknownMark() {
        return RefusedException.value("mark.name", "mark.name: expected the name of a mark that was sent");
    }

    @Override
    public boolean isHeard() {
        return itemId == null || heardSamples == sentSamples;
    }

    @Override
    public List<Frame> frames(ServerEvent event) {
        return switch (event) {
            case ServerEvent.OutputItemAdded added -> {
                itemId = added.item().id();
                sentSamples = 0;
                heardSamples = 0;
                complete = false;
                yield List.of();
            }
            case ServerEvent.AudioDelta delta -> sound(delta);
            case ServerEvent.AudioDone _ -> {
                complete = true;
                yield List.of();
            }
            case ServerEvent.SpeechStarted _ -> interruption();
            // Twilio has no messages for the other events; errors are logged.
            default -> List.of();
        };
    }

    private List<Frame> sound(ServerEvent.AudioDelta delta) {
        sentSamples += FORMAT.samples(ClientEvent.sound(delta.delta(), "delta").length);
        String mark = delta.place().itemId() + "-" + sentSamples;
        String response = delta.place().responseId();
        return List.of(
                frame(
                        new TwilioMessage.Media(streamSid, new TwilioMessage.Sound(null, delta.delta())),
                        response,
                        delta.ms()),
                frame(new TwilioMessage.Mark(streamSid, new TwilioMessage.Label(mark)), response, 0));
    }

    private static Frame frame(TwilioMessage message, String soundOf, long ms) {
        return new Frame(Json.text(message), soundOf, Duration.ofMillis(ms));
    }

    private List<Frame> interruption() {
        if (!interrupts || itemId == null || complete && heardSamples == sentSamples) return List.of();
        truncation = Optional.of(new ClientEvent.TruncateItem(itemId, 0, heardSamples * 1000 / FORMAT.rateHz()));
        itemId = null;
        return List.of(frame(new TwilioMessage.Clear(streamSid), null, 0));
    }
}
