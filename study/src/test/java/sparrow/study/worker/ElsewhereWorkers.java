package sparrow.study.worker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.Workers;

/** A worker of its own in this process: everything goes to it and comes back as bytes, the later tasks first. */
public final class ElsewhereWorkers implements Workers {
    private final Ticket ticket;
    private final OpenWorker worker;
    private final Random random;

    /** A worker that stays open. */
    public ElsewhereWorkers(Ticket ticket, OpenWorker worker, long seed) {
        this.ticket = ticket;
        this.worker = worker;
        this.random = new Random(seed);
    }

    @Override
    public <T, R> void each(Work<T, R> work, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        byte[] run = new RemoteRun(ticket, work).bytes();
        List<T> waiting = new ArrayList<>();
        for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) {
            waiting.add(task.get());
            if (waiting.size() > 2) perform(run, work, waiting.remove(random.nextInt(3)), sink);
        }
        for (Deque<T> rest = new ArrayDeque<>(waiting); !rest.isEmpty(); ) perform(run, work, rest.removeLast(), sink);
    }

    private <T, R> void perform(byte[] run, Work<T, R> work, T task, Sink<T, R> sink) throws IOException {
        byte[] results;
        try {
            results = worker.perform(run, Parcel.bytes(List.of(work.tasks().pack(task))));
        } catch (UnfitWorkerException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        for (Parcel parcel : Parcel.parcels(results))
            sink.found(task, work.results().unpack(parcel));
        sink.finished(task);
    }
}
