package sparrow.server.realtime.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.Problem;
import sparrow.server.realtime.event.ServerEvent;

/** Notifies a client of refused events, and closes the connection of a client that keeps sending them. */
final class Refusals {
    private static final int MAX = 20;
    private static final long WITHIN_NANOS = 10_000_000_000L;

    private final Client client;
    private final SessionObserver observer;
    private final LongSupplier clock;
    private final Deque<Long> latest = new ArrayDeque<>();

    Refusals(Client client, SessionObserver observer, LongSupplier clock) {
        this.client = client;
        this.observer = observer;
        this.clock = clock;
    }

    /** Runs an action for a client's event. If the action is refused, notifies the client of the reason. */
    void attempt(Optional<String> clientEvent, Runnable action) {
        try {
            action.run();
        } catch (RefusedException e) {
            notifyClient(Problem.of(e), clientEvent);
        }
    }

    void notifyClient(Problem problem, Optional<String> clientEvent) {
        client.send(new ServerEvent.Failed(new ServerEvent.Failure(problem, clientEvent.orElse(null))));
        observer.refused(problem);
        long now = clock.getAsLong();
        latest.add(now);
        while (now - latest.peek() > WITHIN_NANOS) latest.poll();
        if (latest.size() > MAX) {
            client.close(1008, "more than " + MAX + " errors in 10 s");
            latest.clear();
        }
    }
}
