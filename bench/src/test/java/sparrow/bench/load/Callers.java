package sparrow.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Talkers that call a server, ask some questions, hang up and call again, until they are stopped. */
final class Callers implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    /** The pause of a client whose call was refused. */
    private static final long PAUSE_NANOS = 200_000_000;

    private final LoadSettings settings;
    private final List<Recording> questions;
    private final HttpClient client = HttpClient.newBuilder()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final List<Thread> threads = new ArrayList<>();

    // Guarded by this.
    private final List<Call> calls = new ArrayList<>();
    private int refused;
    private boolean stopping;

    /** One call. Its moments are nanoseconds, 0 before they come; {@link #log} is to be read once it is over. */
    static final class Call {
        final int caller;
        final TalkerLog log;

        /** When the call before this one broke; 0 if it ended well. */
        final long lost;

        final long connected;
        long firstSound;
        long ended;

        private Call(int caller, TalkerLog log, long lost, long connected) {
            this.caller = caller;
            this.log = log;
            this.lost = lost;
            this.connected = connected;
        }

        boolean isOver() {
            return ended != 0;
        }

        boolean isHeard() {
            return firstSound != 0;
        }

        /** True if the call before this one broke after a moment. */
        boolean isAgain(long since) {
            return lost != 0 && lost - since > 0;
        }

        boolean isBroken() {
            return isOver() && log.broken().isPresent();
        }

        /** True if every question got a reply, and the client heard it to its end. A call may be refused before it begins. */
        boolean isWhole() {
            boolean ended = !isBroken() || log.questions() == 0;
            return ended && log.replies().size() == log.questions();
        }
    }

    /** @param turns questions of each call */
    Callers(URI server, List<Recording> questions, int turns) {
        Duration noLimit = Duration.ofHours(1);
        settings = new LoadSettings(
                server, Optional.empty(), List.of(1), turns, noLimit, 0, TurnTaking.MANUAL, History.KEPT, 1);
        this.questions = questions;
    }

    /** Begins to call. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            int caller = i;
            threads.add(Thread.ofVirtual().name("caller-" + i).start(() -> run(caller)));
        }
    }

    private void run(int caller) {
        SplittableRandom random = new SplittableRandom(caller);
        long lost = 0;
        try {
            while (!isStopping()) {
                try (RealtimeSocket socket = RealtimeSocket.connect(client, settings.server(), settings.apiKey())) {
                    lost = call(caller, socket, random, lost);
                } catch (IOException e) {
                    refused();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            // The test is over.
        }
    }

    /** Returns when the call broke; 0 if it ended well. */
    private long call(int caller, RealtimeSocket socket, SplittableRandom random, long lost)
            throws InterruptedException, JsonProcessingException {
        TalkerPlan plan = new TalkerPlan(
                questions,
                settings.turns(),
                System.nanoTime() + settings.atMost().toNanos(),
                settings.bargeIn(),
                settings.turnTaking(),
                settings.history());
        Talker talker = new Talker(plan, socket, random.split(), System.nanoTime());
        Call call = new Call(caller, talker.log(), lost, System.nanoTime());
        add(call);
        while (!talker.isOver()) {
            try {
                switch (socket.poll(talker.wakeAt() - System.nanoTime())) {
                    case null -> talker.tick(System.nanoTime());
                    case RealtimeSocket.Arrived.Event(long at, String text) -> {
                        JsonNode event = JSON.readTree(text);
                        talker.accept(at, event);
                        if (event.path("type").asText().equals("response.output_audio.delta")) heard(call, at);
                    }
                    case RealtimeSocket.Arrived.End end -> talker.disconnected(end.why());
                }
            } catch (IllegalStateException e) {
                talker.disconnected(e.getMessage());
            }
        }
        return ended(call);
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void add(Call call) {
        calls.add(call);
        notifyAll();
    }

    private synchronized void heard(Call call, long at) {
        if (call.firstSound != 0) return;
        call.firstSound = at;
        notifyAll();
    }

    private synchronized long ended(Call call) {
        call.ended = System.nanoTime();
        notifyAll();
        return call.log.broken().isPresent() ? call.ended : 0;
    }

    private synchronized void refused() {
        refused++;
    }

    /** Handshakes that were refused. */
    synchronized int refusals() {
        return refused;
    }

    /** All calls until now, in the order of their beginnings. */
    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The calls that are not over. */
    synchronized List<Call> open() {
        return calls.stream().filter(call -> !call.isOver()).toList();
    }

    /** Waits until the calls are as wanted. */
    synchronized void await(String what, Predicate<List<Call>> wanted) throws InterruptedException {
        long end = System.nanoTime() + MAX_WAIT.toNanos();
        while (!wanted.test(calls)) {
            long left = end - System.nanoTime();
            if (left <= 0) throw new AssertionError("expected " + what + " within " + MAX_WAIT);
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Lets each end its call, and waits for that. */
    void hangUp() throws InterruptedException {
        synchronized (this) {
            stopping = true;
        }
        for (Thread thread : threads) {
            if (!thread.join(MAX_WAIT)) throw new AssertionError(thread.getName() + ": still talks");
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        client.shutdownNow();
    }
}
