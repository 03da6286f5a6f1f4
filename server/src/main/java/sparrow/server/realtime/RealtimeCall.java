package sparrow.server.realtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.StatusCode;
import sparrow.server.audio.StrictBase64;
import sparrow.server.call.CallPort;
import sparrow.server.message.Ids;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionFields;

/**
 * A session over WebRTC. The data channel transports the events of a WebSocket, except audio, which has its own tracks.
 * The server sends the audio of a response as fast as it is played, so that little audio is in transit when the user
 * interrupts. The interrupted reply is then truncated to the audio that was sent.
 */
final class RealtimeCall extends RealtimeEndpoint implements CallPort.Caller {
    /** Maximum number of characters in messages that wait for the session. */
    private static final int MAX_WAITING = 4 << 20;

    /** Number of characters by which a waiting message is counted longer than it is, for the memory of its object. */
    private static final int MESSAGE_OVERHEAD = 32;

    /** Maximum number of audio frames that wait for the session: 10 s. Further frames are dropped. */
    private static final int MAX_FRAMES = 500;

    private final String callId;
    private final RealtimeSessions sessions;
    private final RealtimeSessions.Opening opening;
    private final Consumer<RealtimeCall> onEnd;
    private final CallOutput output = new CallOutput(new Playback());
    private final AtomicInteger frames = new AtomicInteger();
    private final ArrayDeque<String> messages = new ArrayDeque<>();
    private long waitingCharacters;
    private boolean demanded;

    /** Empty before the data channel is open. */
    private final AtomicReference<CallPort.Line> line;

    private boolean ended;

    // Used only by the session's thread.
    private final Set<String> asides = new HashSet<>();
    private boolean interrupts;

    /** The response whose audio was cleared last, or null. */
    private String cleared;

    /** The events of calls, which do not choose audio formats. */
    private static final Protocol PROTOCOL = new Protocol() {
        @Override
        public int maxBytes() {
            return MAX_WAITING;
        }

        @Override
        public void receive(String frame, Consumer<ClientEvent.Named> session, Client client) {
            ClientEvent.Named event = ClientEvent.read(frame);
            if (ClientEvent.isForCalls(event.event())) {
                session.accept(event);
                return;
            }
            RefusedException why = RefusedException.unsupported("audio.format", "calls use Opus; expected audio/pcm");
            session.accept(new ClientEvent.Named(event.id(), new ClientEvent.Unreadable(why), event.settings()));
        }

        @Override
        public List<Frame> frames(ServerEvent event) {
            return REALTIME.frames(event);
        }
    };

    /** @param onEnd a consumer that is called once, when the call has ended */
    RealtimeCall(RealtimeSessions sessions, RealtimeSessions.Opening opening, Consumer<RealtimeCall> onEnd) {
        this(sessions, opening, onEnd, new AtomicReference<>());
    }

    private RealtimeCall(
            RealtimeSessions sessions,
            RealtimeSessions.Opening opening,
            Consumer<RealtimeCall> onEnd,
            AtomicReference<CallPort.Line> line) {
        super(sessions, opening.id(), () -> line.get() == null ? 0 : line.get().received());
        this.line = line;
        this.callId = Ids.UNGUESSABLE.next("rtc_");
        this.sessions = sessions;
        this.opening = opening.ofCall(PROTOCOL);
        this.onEnd = onEnd;
    }

    String callId() {
        return callId;
    }

    /** Returns whether the call has neither begun nor ended. */
    synchronized boolean isPending() {
        return line.get() == null && !ended;
    }

    /** Ends the call. Returns false if the call has not begun. */
    synchronized boolean hangUp() {
        if (line.get() == null) return false;
        close(StatusCode.NORMAL, "hung up");
        return true;
    }

    // Called by the call's threads.

    @Override
    public synchronized void opened(CallPort.Line opened) {
        if (ended) return;
        line.set(opened);
        connect(new Channel(opened), PROTOCOL.maxBytes());
        begin(opening);
    }

    @Override
    public void closed(String reason) {
        synchronized (this) {
            if (ended) return;
            ended = true;
        }
        if (line.get() == null) sessions.refusals().log(opening.id(), reason);
        else onWebSocketClose(StatusCode.NORMAL, reason, Callback.NOOP);
        onEnd.accept(this);
    }

    @Override
    public void message(String text) {
        synchronized (messages) {
            int size = text.length() + MESSAGE_OVERHEAD;
            if (waitingCharacters + size > MAX_WAITING) {
                close(StatusCode.POLICY_VIOLATION, "too many messages are waiting");
                return;
            }
            messages.add(text);
            waitingCharacters += size;
        }
        deliverNext();
    }

    private void deliverNext() {
        String next;
        synchronized (messages) {
            if (!demanded || messages.isEmpty()) return;
            demanded = false;
            next = messages.remove();
            waitingCharacters -= next.length() + MESSAGE_OVERHEAD;
        }
        onWebSocketPartialText(next, true);
    }

    @Override
    public void heard(byte[] samples) {
        if (isPending() || frames.incrementAndGet() > MAX_FRAMES) {
            frames.updateAndGet(count -> Math.max(0, count - 1));
            return;
        }
        inTurn(() -> {
            frames.decrementAndGet();
            receive(new ClientEvent.AppendAudio(Base64.getEncoder().encodeToString(samples)));
        });
    }

    @Override
    public void fill(short[] frame) {
        output.fill(frame);
    }

    private final class Playback implements CallOutput.Listener {
        @Override
        public void started(String responseId) {
            inTurn(() -> RealtimeCall.super.send(new ServerEvent.OutputStarted(responseId)));
        }

        @Override
        public void stopped(String responseId) {
            inTurn(() -> {
                asides.remove(responseId);
                RealtimeCall.super.send(new ServerEvent.OutputStopped(responseId));
            });
        }
    }

    /** The data channel. */
    private final class Channel implements Transport {
        private final CallPort.Line line;

        Channel(CallPort.Line line) {
            this.line = line;
        }

        @Override
        public void demand() {
            synchronized (messages) {
                demanded = true;
            }
            deliverNext();
        }

        @Override
        public void send(String text) throws IOException, InterruptedException {
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            if (length <= line.maxMessageBytes()) {
                line.send(text);
                return;
            }
            String type = text.replaceFirst("(?s).*?\"type\":\"([a-z_.]+)\".*", "$1");
            Problem problem = Problem.of(
                    "event_too_long",
                    "an event " + type + " of " + length + " bytes was not sent: the client accepts "
                            + line.maxMessageBytes());
            line.send(ServerEvent.frame(
                    new ServerEvent.Failed(new ServerEvent.Failure(problem, null)), Ids.UNGUESSABLE.next("event_")));
        }

        @Override
        public void ping() {
            // The call itself detects that its client cannot be reached.
        }

        @Override
        public void close(int code, String reason) {
            disconnect();
        }

        @Override
        public void disconnect() {
            Thread.startVirtualThread(line::hangUp);
        }
    }

    // Called by the session's thread.

    @Override
    public void send(ServerEvent event) {
        switch (event) {
            case ServerEvent.AudioDelta delta -> {
                output.add(delta.place(), samples(delta.delta()));
                if (delta.sparrow() != null) {
                    super.send(new ServerEvent.TranscriptDelta(delta.place(), "", delta.sparrow()));
                }
            }
            case ServerEvent.AudioDone done -> {
                output.complete(done.place().responseId());
                super.send(event);
            }
            case ServerEvent.ResponseCreated(ServerEvent.ResponseView response) -> {
                if (response.conversationId() == null) asides.add(response.id());
                super.send(event);
            }
            case ServerEvent.SpeechStarted _ -> {
                super.send(event);
                if (interrupts) output.current().ifPresent(this::retract);
            }
            case ServerEvent.SessionCreated(SessionFields session, ServerEvent.Caution _) -> {
                interrupts = session.interruptsResponses();
                super.send(event);
            }
            case ServerEvent.SessionUpdated(SessionFields session, ServerEvent.Caution _) -> {
                interrupts = session.interruptsResponses();
                super.send(event);
            }
            case ServerEvent.OutputCleared(String responseId) -> {
                if (!responseId.equals(cleared)) super.send(event);
            }
            default -> super.send(event);
        }
    }

    private static short[] samples(String base64) {
        byte[] bytes = StrictBase64.decode(base64, base64.length());
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    @Override
    public void retract(String responseId) {
        Optional<CallOutput.Cut> cut = output.drop(responseId);
        if (cut.isEmpty()) return;
        cleared = responseId;
        super.send(new ServerEvent.OutputCleared(responseId));
        if (asides.remove(responseId)) return;
        // Audio that was sent less than the network's delay ago cannot have been heard.
        long heardMs = Math.max(0, cut.get().sentMs() - line.get().delay().toMillis());
        inTurn(() -> receive(new ClientEvent.TruncateItem(cut.get().itemId(), 0, heardMs)));
    }

    @Override
    public boolean isReady() {
        return super.isReady() && !output.isFull();
    }
}
