package sparrow.server.realtime;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import sparrow.server.message.Ids;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.ServerEvent;

/** The form in which a session's events travel over its WebSocket. Called on the session's thread. */
interface Protocol {
    /** OpenAI's Realtime: an event a frame. */
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

    /**
     * A frame to be sent.
     *
     * @param soundOf the response whose sound it contains; null for all other frames
     */
    record Frame(String text, String soundOf, Duration audio) {}

    /** Returns the maximum length of a frame. */
    int maxBytes();

    /**
     * Processes a frame.
     *
     * @param session receives the events of the frame
     * @param client whose connection a frame may end
     * @throws RefusedException if the connection cannot go on
     */
    void receive(String frame, Consumer<ClientEvent.Named> session, Client client);

    /** Returns the frames of an event, in order; none if the protocol has no form for it. */
    List<Frame> frames(ServerEvent event);
}
