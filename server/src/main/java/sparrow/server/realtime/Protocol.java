package sparrow.server.realtime;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import sparrow.server.message.Ids;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.ServerEvent;

/** The format of a session's events on its WebSocket. The methods are called on the session's thread. */
public interface Protocol {
    /** OpenAI's Realtime protocol, with one event per frame. */
    Protocol REALTIME = new Protocol() {
        @Override
        public int maxBytes() {
            return ClientEvent.MAX_BYTES;
        }

        @Override
        public void receive(String frame, Consumer<ClientEvent.Named> session, Client client) {
            session.accept(ClientEvent.read(frame));
        }

        @Override
        public List<Frame> frames(ServerEvent event) {
            String text = ServerEvent.frame(event, Ids.UNGUESSABLE.next("event_"));
            return List.of(
                    event instanceof ServerEvent.AudioDelta delta
                            ? new Frame(text, delta.place().responseId(), Duration.ofMillis(delta.ms()))
                            : new Frame(text, null, Duration.ZERO));
        }
    };

    /** A frame to be sent. If it contains audio, {@code soundOf} is the response's id; otherwise, it is null. */
    record Frame(String text, String soundOf, Duration audio) {}

    /** Returns the maximum length of a frame. */
    int maxBytes();

    /**
     * Processes a frame.
     *
     * @param session a consumer of the frame's events
     * @param client the client, whose connection the frame may close
     * @throws RefusedException if the connection must be closed
     */
    void receive(String frame, Consumer<ClientEvent.Named> session, Client client);

    /** Returns whether the client has reported that it has heard all audio. A protocol without such reports returns true. */
    default boolean isHeard() {
        return true;
    }

    /** Returns the frames for an event, in order. The list is empty if the protocol has no such event. */
    List<Frame> frames(ServerEvent event);
}
