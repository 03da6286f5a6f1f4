package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.models.SpokenModel;
import sparrow.study.run.Parcel;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.Work;
import sparrow.study.run.WorkKind;
import sparrow.study.run.Workers;

/**
 * Workers as those on other machines are: nothing but bytes goes to them and comes from them. Results of a task come
 * together, and the tasks end in reverse.
 */
class BytesWorkers implements Workers {
    private final SpokenModel model;
    private final String kind;
    private final Fate fate;

    /** Kinds of work that were begun, in their order. */
    final List<String> begun = new ArrayList<>();

    final List<String> lost = new ArrayList<>();

    /** What becomes of tasks. */
    enum Fate {
        DONE,
        /** Whoever did them died. */
        LOST,
        /** All but the first: then a person stops the run. */
        STOPPED
    }

    BytesWorkers(SpokenModel model) {
        this(model, "", Fate.DONE);
    }

    /** @param kind of work whose tasks have this fate; others are done */
    BytesWorkers(SpokenModel model, String kind, Fate fate) {
        this.model = model;
        this.kind = kind;
        this.fate = fate;
    }

    @Override
    public <T, R> void each(Work<T, R> work, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        begun.add(work.kind());
        Work<?, ?> there = WorkKind.named(work.kind()).work(travelled(work.settings()));
        List<T> all = new ArrayList<>();
        for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) all.add(task.get());
        for (T task : all.reversed()) {
            boolean fated = work.kind().equals(kind) && !task.equals(Sounds.NONE);
            if (fated && fate == Fate.LOST) {
                lost.add(work.kind() + " " + task);
                sink.lost(task, "its executor was lost");
                continue;
            }
            List<Parcel> results = Parcel.parcels(
                    perform(there, Parcel.bytes(List.of(work.tasks().pack(task)))));
            int kept = fated && fate == Fate.STOPPED ? 1 : results.size();
            for (Parcel result : results.subList(0, kept))
                sink.found(task, work.results().unpack(result));
            if (fated && fate == Fate.STOPPED) throw new RunStoppedException();
            sink.finished(task);
        }
    }

    private static Parcel travelled(Parcel parcel) {
        return Parcel.parcels(Parcel.bytes(List.of(parcel))).getFirst();
    }

    private <A, B> byte[] perform(Work<A, B> work, byte[] task) throws IOException {
        List<Parcel> results = new ArrayList<>();
        try (Work.Station<A, B> station = work.station(model)) {
            station.perform(work.tasks().unpack(Parcel.parcels(task).getFirst()), new Sink<>() {
                @Override
                public void found(A task, B result) {
                    synchronized (results) {
                        results.add(work.results().pack(result));
                    }
                }

                @Override
                public void finished(A task) {}

                @Override
                public void lost(A task, String reason) {
                    throw new IllegalStateException(reason);
                }
            });
            station.finish();
        }
        return Parcel.bytes(results);
    }

    @Override
    public List<String> lost() {
        return lost;
    }
}
