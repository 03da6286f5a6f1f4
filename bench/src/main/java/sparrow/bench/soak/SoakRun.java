package sparrow.bench.soak;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sparrow.bench.load.History;
import sparrow.bench.load.LoadRun;
import sparrow.bench.load.RealtimeSocket;
import sparrow.bench.load.Recording;
import sparrow.bench.load.Talker;
import sparrow.bench.load.TalkerLog;
import sparrow.bench.load.TalkerPlan;
import sparrow.bench.load.TurnTaking;

/**
 * Runs talkers and faults against a server for hours. A talker asks a few questions per connection and reconnects after
 * a restart. Faults use separate connections. Each kind of fault has a separate random generator, so that a seed
 * determines the times of faults.
 */
final class SoakRun {
    /** Time between consecutive rows of a soak test. */
    static final Duration ROW = Duration.ofSeconds(10);

    private static final long STREAM = 0x9E3779B97F4A7C15L;
    private static final int QUESTIONS = 3;
    private static final double BARGE_IN = 0.1;

    private final SoakServer server;
    private final Settings settings;
    private final List<Recording> questions;
    private final long start = System.nanoTime();
    private final List<SoakRow> rows = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    // Guarded by this.
    private final List<String> faults = new ArrayList<>();
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private final Map<String, Integer> troubles = new TreeMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private SoakRow.Heard heard = SoakRow.Heard.NOTHING;
    private BufferedWriter faultTable;

    private volatile boolean over;

    /**
     * The settings of a soak test.
     *
     * @param length length of the run
     * @param talkers number of concurrent talkers
     * @param perMinute average rate of each fault per minute
     */
    record Settings(Duration length, int talkers, long seed, Map<Fault, Double> perMinute) {}

    /**
     * The outcome of a soak test.
     *
     * @param rows rows in order of time
     * @param injected number of injected faults of each kind
     * @param troubles number of incomplete or missing answers and of closed connections, by reason
     * @param unexpected violations of the server's documentation, with the time in seconds
     */
    record Outcome(
            List<SoakRow> rows, Map<Fault, Integer> injected, Map<String, Integer> troubles, List<String> unexpected) {}

    private SoakRun(SoakServer server, Settings settings, List<Recording> questions) {
        this.server = server;
        this.settings = settings;
        this.questions = questions;
    }

    /**
     * Runs the test to its end or until this thread is interrupted, in which case the interrupt status remains set.
     *
     * @param server a started server
     * @param out folder for {@code soak.csv} and {@code faults.csv}, which are written during the run
     */
    static Outcome run(SoakServer server, Settings settings, List<Recording> questions, Path out) throws IOException {
        SoakRun run = new SoakRun(server, settings, questions);
        try (HttpClient client = HttpClient.newHttpClient();
                BufferedWriter table = Files.newBufferedWriter(out.resolve("soak.csv"));
                BufferedWriter faults = Files.newBufferedWriter(out.resolve("faults.csv"))) {
            run.faultTable = faults;
            faults.write("seconds,fault,outcome\n");
            run.begin(client);
            try {
                run.measure(table);
            } finally {
                run.end();
                client.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Outcome(run.rows, run.injected, run.troubles, run.unexpected);
    }

    private void begin(HttpClient client) {
        for (int i = 0; i < settings.talkers(); i++) {
            int number = i;
            threads.add(Thread.ofVirtual().name("sparrow-talker-" + i).start(() -> talk(client, number)));
        }
        settings.perMinute().forEach((fault, perMinute) -> {
            if (perMinute > 0) {
                threads.add(Thread.ofVirtual().name("sparrow-" + fault).start(() -> fail(fault, perMinute)));
            }
        });
    }

    private void end() {
        over = true;
        boolean interrupted = Thread.interrupted();
        threads.forEach(Thread::interrupt);
        try {
            long last = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            for (Thread thread : threads) thread.join(Duration.ofNanos(Math.max(1, last - System.nanoTime())));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Runs one talker after another. For every second talker, the server detects the end of questions. */
    private void talk(HttpClient client, int number) {
        SplittableRandom random = new SplittableRandom(settings.seed() + number * STREAM);
        TalkerPlan plan = new TalkerPlan(
                questions,
                QUESTIONS,
                Long.MAX_VALUE,
                BARGE_IN,
                number % 2 == 0 ? TurnTaking.MANUAL : TurnTaking.SERVER_VAD,
                History.KEPT);
        while (!over) {
            try {
                RealtimeSocket socket = RealtimeSocket.connect(client, server.realtime(), Optional.of(server.key()));
                Talker talker = new Talker(plan, socket, random.split(), System.nanoTime());
                LoadRun.talk(talker, socket);
                if (!over) take(talker.log());
            } catch (IOException e) {
                if (!pause(Duration.ofMillis(500))) return;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void take(TalkerLog log) {
        heard = heard.plus(SoakRow.Heard.of(log));
        log.failures().forEach((why, count) -> troubles.merge(why, count, Integer::sum));
        log.broken().ifPresent(why -> troubles.merge("connection lost: " + why, 1, Integer::sum));
    }

    /** Injects a fault at random times until the run is over. Restarts are limited to the first quarter. */
    private void fail(Fault fault, double perMinute) {
        SplittableRandom random = new SplittableRandom(settings.seed() - (fault.ordinal() + 1) * STREAM);
        SoakFaults faulty = new SoakFaults(server, questions);
        while (true) {
            double minutes = -Math.log(1 - random.nextDouble()) / perMinute;
            if (!pause(Duration.ofMillis(Math.round(60_000 * minutes)))) return;
            // Later restarts would hide leaks.
            if (fault == Fault.RESTART && 4 * elapsed() > settings.length().toSeconds()) return;
            try {
                done(fault, faulty.inject(fault, random));
            } catch (IOException e) {
                // A restart may cause this exception. A lost server is detected when rows are written.
                write(fault, "not done: " + e.getMessage());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!over) unexpected(fault, e);
            }
        }
    }

    private synchronized void done(Fault fault, String outcome) {
        injected.merge(fault, 1, Integer::sum);
        faults.add(fault.toString());
        write(fault, outcome);
    }

    private synchronized void unexpected(Fault fault, RuntimeException what) {
        done(fault, "unexpected: " + what.getMessage());
        unexpected.add(Math.round(elapsed()) + " s: " + fault + ": " + what.getMessage());
    }

    private synchronized void write(Fault fault, String outcome) {
        if (over) return;
        try {
            faultTable.write(Math.round(elapsed()) + "," + fault + ",\"" + outcome.replace('"', '\'') + "\"\n");
            faultTable.flush();
        } catch (IOException e) {
            unexpected.add("faults.csv: " + e.getMessage());
        }
    }

    private static boolean pause(Duration length) {
        try {
            Thread.sleep(length);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private double elapsed() {
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * Writes a row every ten seconds. Garbage is collected once per minute or, in short runs, once for each of 32
     * windows.
     */
    private void measure(BufferedWriter table) throws IOException, InterruptedException {
        table.write(SoakRow.HEADER + "\n");
        double length = settings.length().toSeconds();
        double collectEvery = Math.min(60, length / 32);
        double collectAt = 0;
        for (int i = 1; elapsed() < length; i++) {
            Thread.sleep(Math.max(0, Math.round(1000 * (i * ROW.toSeconds() - elapsed()))));
            boolean collects = elapsed() >= collectAt && server.isUp();
            if (collects) collectAt = elapsed() + collectEvery;
            SoakRow row = row(collects);
            rows.add(row);
            table.write(row.csv() + "\n");
            table.flush();
            if (server.isLost()) {
                synchronized (this) {
                    unexpected.add(Math.round(elapsed()) + " s: the server exited unexpectedly");
                }
                return;
            }
        }
    }

    private SoakRow row(boolean collects) throws IOException, InterruptedException {
        OptionalDouble none = OptionalDouble.empty();
        boolean up = server.isUp();
        long requested = System.nanoTime();
        Optional<Integer> health = up ? server.status("/healthz") : Optional.empty();
        double healthMs = (System.nanoTime() - requested) / 1e6;
        boolean healthy = health.isPresent() && health.get() == 200;
        synchronized (this) {
            if (up && server.isUp() && !healthy) {
                unexpected.add(Math.round(elapsed()) + " s: /healthz answered "
                        + health.map(String::valueOf).orElse("nothing"));
            }
        }
        OptionalDouble heap = collects ? server.heapAfterCollection() : none;
        OptionalDouble sessions = up ? server.metric("sparrow_sessions_open") : none;
        synchronized (this) {
            SoakRow row = new SoakRow(
                    elapsed(),
                    value(up ? server.residentMb() : none),
                    value(heap),
                    value(up ? server.handles() : none),
                    value(up ? server.threads() : none),
                    value(sessions),
                    healthy ? healthMs : null,
                    heard,
                    List.copyOf(faults));
            heard = SoakRow.Heard.NOTHING;
            faults.clear();
            return row;
        }
    }

    private static Double value(OptionalDouble figure) {
        return figure.isPresent() ? figure.getAsDouble() : null;
    }
}
