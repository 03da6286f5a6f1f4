package sparrow.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import sparrow.bench.harness.BenchProgress;
import sparrow.formats.StrictJson;
import sparrow.speech.wave.Waveform;

/** Runs talkers, each with a socket and on a virtual thread. */
public final class LoadRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Odd multiplier that gives each talker a different random seed. */
    private static final long STREAM = 0x9E3779B97F4A7C15L;

    private final LoadSettings settings;
    private final List<Recording> questions;
    private final BenchProgress listener;

    private LoadRun(LoadSettings settings, List<Recording> questions, BenchProgress listener) {
        this.settings = settings;
        this.questions = questions;
        this.listener = listener;
    }

    /**
     * Measures each number of talkers in turn.
     *
     * @param questions recordings of one or more questions
     * @return one row per number of talkers, or fewer if this thread is interrupted, in which case its interrupt status
     *     remains set
     * @throws IOException if the server cannot be reached
     */
    static List<LoadRow> measure(LoadSettings settings, List<Waveform> questions, BenchProgress listener)
            throws IOException {
        LoadRun run =
                new LoadRun(settings, questions.stream().map(Recording::of).toList(), listener);
        List<LoadRow> rows = new ArrayList<>();
        // Reading sockets requires many threads.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client = HttpClient.newBuilder().executor(threads).build()) {
            for (int talkers : settings.talkers()) {
                if (Thread.currentThread().isInterrupted()) break;
                rows.add(run.row(client, talkers));
            }
        }
        return rows;
    }

    private LoadRow row(HttpClient client, int talkers) throws IOException {
        listener.begin(talkers + " at once");
        long start = System.nanoTime();
        List<RealtimeSocket> sockets = new ArrayList<>();
        List<TalkerLog> logs = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < talkers; i++) {
                RealtimeSocket socket = RealtimeSocket.connect(client, settings.server(), settings.apiKey());
                sockets.add(socket);
                Wire wire = settings.isLive() ? new LiveWire(socket) : socket;
                Talker talker = talker(wire, i, start);
                logs.add(talker.log());
                threads.add(Thread.ofVirtual().name("sparrow-talker-" + i).start(() -> {
                    if (settings.isLive()) talker.accept(System.nanoTime(), LiveWire.CREATED);
                    talk(talker, socket, wire);
                    listener.ended();
                }));
            }
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        } finally {
            // Closing the sockets stops talkers that are still running after a failure or Ctrl-C.
            sockets.forEach(RealtimeSocket::close);
            threads.forEach(LoadRun::joined);
        }
        return new LoadRow(talkers, logs, (System.nanoTime() - start) / 1e9);
    }

    private Talker talker(Wire wire, int number, long start) {
        TalkerPlan plan = new TalkerPlan(
                questions,
                settings.turns(),
                start + settings.atMost().toNanos(),
                settings.bargeIn(),
                settings.turnTaking(),
                settings.history());
        return new Talker(plan, wire, new SplittableRandom(settings.seed() + number * STREAM), System.nanoTime());
    }

    /** Runs a talker until it has finished or this thread is interrupted. */
    public static void talk(Talker talker, RealtimeSocket socket) {
        talk(talker, socket, socket);
    }

    private static void talk(Talker talker, RealtimeSocket socket, Wire wire) {
        try {
            while (!talker.isOver()) {
                RealtimeSocket.Arrived arrived = socket.poll(talker.wakeAt() - System.nanoTime());
                switch (arrived) {
                    case null -> talker.tick(System.nanoTime());
                    case RealtimeSocket.Arrived.Event(long at, String text) ->
                        wire.events(at, JSON.readTree(text)).forEach(event -> talker.accept(at, event));
                    case RealtimeSocket.Arrived.End end -> talker.disconnected(end.why());
                }
            }
        } catch (InterruptedException e) {
            // Earlier measurements are retained.
        } catch (JsonProcessingException e) {
            talker.disconnected("expected JSON, " + StrictJson.fault(e));
        } catch (IllegalStateException e) {
            talker.disconnected(e.getMessage());
        } finally {
            socket.close();
        }
    }

    /** Waits for a thread uninterruptibly, because a talker's log must not be read before its thread has ended. */
    private static void joined(Thread thread) {
        boolean interrupted = Thread.interrupted();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
