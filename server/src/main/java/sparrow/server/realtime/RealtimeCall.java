package sparrow.server.realtime;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.ServerEvent;
import sparrow.server.realtime.event.SessionFields;

/**
 * A Realtime session over WebRTC. The data channel transports the events of a WebSocket, except audio, which has its
 * own tracks. The server sends the audio of a response as fast as it is played, so that little audio is in transit when
 * the user interrupts. The interrupted reply is then truncated to the audio that was sent.
 */
final class RealtimeCall extends RealtimeEndpoint {
    private final CallConnection connection;
    private final CallOutput output = new CallOutput(new Playback());

    // Used only by the session's thread.
    private final Set<String> asides = new HashSet<>();
    private boolean interrupts;

    /** The responses whose audio is being sent or waits to be sent. */
    private final Set<String> unsent = new HashSet<>();

    /** The response whose audio was cleared last, or null. */
    private String cleared;

    /** The events of calls, which do not choose audio formats. */
    private static final Protocol PROTOCOL = new Protocol() {
        @Override
        public int maxBytes() {
            return CallConnection.MAX_WAITING;
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

    RealtimeCall(RealtimeSessions sessions, RealtimeSessions.Opening opening, CallConnection connection) {
        super(sessions, opening.ofCall(PROTOCOL));
        this.connection = connection;
        connection.attach(this, output);
    }

    private final class Playback implements CallOutput.Listener {
        @Override
        public void started(String responseId) {
            inTurn(() -> RealtimeCall.super.send(new ServerEvent.OutputStarted(responseId)));
        }

        @Override
        public void stopped(String responseId) {
            inTurn(() -> {
                unsent.remove(responseId);
                asides.remove(responseId);
                RealtimeCall.super.send(new ServerEvent.OutputStopped(responseId));
            });
        }
    }

    // Called by the session's thread.

    @Override
    public void send(ServerEvent event) {
        switch (event) {
            case ServerEvent.AudioDelta delta -> {
                unsent.add(delta.place().responseId());
                output.add(delta.place(), delta.delta());
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

    @Override
    public void retract(String responseId) {
        Optional<CallOutput.Cut> cut = output.drop(responseId);
        if (cut.isEmpty()) return;
        cleared = responseId;
        unsent.remove(responseId);
        super.send(new ServerEvent.OutputCleared(responseId));
        if (asides.remove(responseId)) return;
        // Audio that was sent less than the network's delay ago cannot have been heard.
        long heardMs = Math.max(0, cut.get().sentMs() - connection.delay().toMillis());
        inTurn(() -> receive(new ClientEvent.TruncateItem(cut.get().itemId(), 0, heardMs)));
    }

    @Override
    protected boolean isHeard() {
        return unsent.isEmpty();
    }

    @Override
    public boolean isReady() {
        return super.isReady() && !output.isFull();
    }
}
