package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;

/** Listens to sounds on several threads, which go on with the next task while the last sounds of one are listened to. */
final class HearingStation implements Worker<Sounds, Heard> {
    private final Listeners listeners;
    private final Runnable afterwards;
    private final ScoringThreads threads;
    private Optional<UnderWay> before = Optional.empty();

    private record UnderWay(Sounds task, List<Future<?>> sounds, WorkerPool.Sink<Sounds, Heard> sink) {
        void finish() throws IOException {
            for (Future<?> sound : sounds) ScoringThreads.await(sound);
            sink.finished(task);
        }
    }

    /**
     * @param listeners who listen
     * @param afterwards what is to be done when nobody does any more
     */
    HearingStation(Listeners listeners, Runnable afterwards) {
        this.listeners = listeners;
        this.afterwards = afterwards;
        threads = new ScoringThreads(listeners.threads());
    }

    @Override
    public void perform(Sounds task, WorkerPool.Sink<Sounds, Heard> sink) throws IOException {
        List<Future<?>> sounds = new ArrayList<>();
        for (Sounds.Sound sound : task.sounds()) {
            sounds.add(threads.begin(() -> {
                sink.found(task, listeners.listen(sound));
                return null;
            }));
        }
        finish();
        before = Optional.of(new UnderWay(task, sounds, sink));
    }

    @Override
    public void finish() throws IOException {
        if (before.isPresent()) before.get().finish();
        before = Optional.empty();
    }

    @Override
    public void close() {
        threads.close();
        afterwards.run();
    }
}
