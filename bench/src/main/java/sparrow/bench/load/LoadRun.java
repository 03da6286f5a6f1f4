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
import sparrow.formats.weights.StrictJson;
import sparrow.speech.wave.Waveform;

/** Talkers with sockets, a virtual thread each. */
final class LoadRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Odd, so that no two talkers draw alike. */
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
     * @param questions recordings of questions, one or more
     * @return a row for each number; fewer if this thread was interrupted, which it then still is
     * @throws IOException if the server cannot be reached
     */
    static List<LoadRow> measure(LoadSettings settings, List<Waveform> questions, BenchProgress listener)
            throws IOException {
        LoadRun run =
                new LoadRun(settings, questions.stream().map(Recording::of).toList(), listener);
        List<LoadRow> rows = new ArrayList<>();
        // Its threads read sockets, put what came into queues, and are many.
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
                RealtimeSocket socket = RealtimeSocket.connect(client, settings);
                sockets.add(socket);
                Talker talker = talker(socket, i, start);
                logs.add(talker.log());
                threads.add(Thread.ofVirtual().name("sparrow-talker-" + i).start(() -> {
                    talk(talker, socket);
                    listener.ended();
                }));
            }
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        } finally {
            // A talker that still talks, since not all could begin or Ctrl-C was pressed, ends with the socket.
            sockets.forEach(RealtimeSocket::close);
            threads.forEach(LoadRun::joined);
        }
        return LoadRow.of(talkers, logs, (System.nanoTime() - start) / 1e9);
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

    /** Lets a talker speak until it is over or this thread is interrupted, which ends it in order. */
    static void talk(Talker talker, RealtimeSocket socket) {
        try {
            while (!talker.isOver()) {
                RealtimeSocket.Arrived arrived = socket.poll(talker.wakeAt() - System.nanoTime());
                switch (arrived) {
                    case null -> talker.tick(System.nanoTime());
                    case RealtimeSocket.Arrived.Event(long at, String text) -> talker.accept(at, JSON.readTree(text));
                    case RealtimeSocket.Arrived.End end -> talker.disconnected(end.why());
                }
            }
        } catch (InterruptedException e) {
            // The measurements until now count.
        } catch (JsonProcessingException e) {
            talker.disconnected("expected JSON, " + StrictJson.fault(e));
        } catch (IllegalStateException e) {
            talker.disconnected(e.getMessage());
        } finally {
            socket.close();
        }
    }

    /** Waits even if interrupted: what a talker measured is looked at when its thread is gone. */
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
