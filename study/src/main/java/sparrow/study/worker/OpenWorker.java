package sparrow.study.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.VectorWidth;
import sparrow.engine.weights.BadFileException;
import sparrow.models.NumericsFingerprint;
import sparrow.models.SpokenModel;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.Workers;

/**
 * What is open in a process that works for runs elsewhere: a model, opened for the first task, and a station of the work
 * that was done last. Safe for every thread; one task is done at a time.
 */
public final class OpenWorker implements AutoCloseable {
    private Opened opened;
    private Station<?, ?> station;

    private record Opened(Ticket ticket, ComputePool pool, SpokenModel model) {
        void close() {
            model.close();
            pool.close();
        }
    }

    private record Station<T, R>(byte[] run, Work<T, R> work, Work.Station<T, R> place) {
        static <T, R> Station<T, R> of(byte[] run, Work<T, R> work, SpokenModel model) throws IOException {
            return new Station<>(run, work, work.station(model));
        }

        byte[] perform(byte[] task) throws IOException {
            Results<T, R> results = new Results<>(work, new ArrayList<>());
            place.perform(work.tasks().unpack(Parcel.parcels(task).getFirst()), results);
            place.finish();
            return Parcel.bytes(results.parcels());
        }
    }

    /** Packs what is found, which another thread may tell. */
    private record Results<T, R>(Work<T, R> work, List<Parcel> parcels) implements Workers.Sink<T, R> {
        @Override
        public void found(T task, R result) {
            synchronized (parcels) {
                parcels.add(work.results().pack(result));
            }
        }

        @Override
        public void finished(T task) {}

        @Override
        public void lost(T task, String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /**
     * Does a task.
     *
     * @param run what {@link RemoteRun#bytes} made
     * @param task a parcel of the work's
     * @return its results, parcels of the work's
     * @throws UnfitWorkerException if this process cannot work for the run
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted
     * @throws sparrow.study.run.BadParcelException if run or task are none
     * @throws IOException if the task cannot be done
     */
    public synchronized byte[] perform(byte[] run, byte[] task) throws IOException, UnfitWorkerException {
        if (station == null || !Arrays.equals(station.run(), run)) open(run);
        try {
            return station.perform(task);
        } catch (BadFileException e) {
            // A file of the model's, or of the run's, that no task can do without.
            leave();
            throw unfit(": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Whatever is half done in it is not of the next task.
            leave();
            throw e;
        }
    }

    private void open(byte[] run) throws IOException, UnfitWorkerException {
        leave();
        RemoteRun asked = RemoteRun.of(run);
        if (opened == null || !opened.ticket().equals(asked.ticket())) open(asked.ticket());
        try {
            station = Station.of(run, asked.work(), opened.model());
        } catch (IllegalArgumentException e) {
            throw unfit(": " + e.getMessage());
        }
    }

    private void leave() {
        if (station != null) station.place().close();
        station = null;
    }

    private void open(Ticket ticket) throws IOException, UnfitWorkerException {
        close();
        requireSame("build", BuildId.here(), ticket.build());
        requireWidth(ticket.arithmetic().vectorBits());
        ComputePool pool = new ComputePool(ticket.threads());
        try {
            opened = new Opened(ticket, pool, ticket.model().open(pool));
        } catch (IllegalArgumentException e) {
            pool.close();
            throw unfit(": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
        try {
            check(ticket, opened.model());
        } catch (IOException | RuntimeException | UnfitWorkerException e) {
            close();
            throw e;
        }
    }

    /** Wider vectors than its own a machine would imitate, many times slower. */
    private static void requireWidth(int bits) throws UnfitWorkerException {
        int own = VectorWidth.preferred();
        if (own >= bits) return;
        throw unfit(" computes with " + own + "-bit vectors, this run with " + bits + "; start it with --vector-bits "
                + own);
    }

    private static void check(Ticket ticket, SpokenModel model) throws IOException, UnfitWorkerException {
        requireSame("arithmetic", NumericsFingerprint.of(model), ticket.arithmetic());
        ModelSettings own = ModelSettings.of(model);
        ModelSettings asked = ticket.settings();
        requireSame("model", own.fingerprint(), asked.fingerprint());
        requireSame("weights", own.weights(), asked.weights());
        requireSame("exit heads", own.heads(), asked.heads());
        requireSame("model", own, asked);
    }

    private static void requireSame(String what, Object found, Object expected) throws UnfitWorkerException {
        if (Objects.equals(found, expected)) return;
        throw unfit(" has another " + what + ": expected " + expected + ", found " + found);
    }

    private static UnfitWorkerException unfit(String why) {
        return new UnfitWorkerException("worker " + host() + why);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "of unknown name";
        }
    }

    /** Frees the model; the next task opens it again. */
    @Override
    public synchronized void close() {
        leave();
        if (opened != null) opened.close();
        opened = null;
    }
}
