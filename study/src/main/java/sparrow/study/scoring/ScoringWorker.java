package sparrow.study.scoring;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;

/**
 * Scores clips on several threads. Threads start with the next batch while the last clips of the previous batch are
 * being scored.
 */
final class ScoringWorker implements Worker<ClipBatch, AudioScores> {
    private final AudioScorer scorer;
    private final Runnable afterwards;
    private final ScoringThreads threads;
    private Optional<UnderWay> before = Optional.empty();

    private record UnderWay(ClipBatch batch, List<Future<?>> clips, WorkerPool.Sink<ClipBatch, AudioScores> sink) {
        void finish() throws IOException {
            for (Future<?> clip : clips) ScoringThreads.await(clip);
            sink.finished(batch);
        }
    }

    /**
     * Creates a worker that scores clips.
     *
     * @param scorer scorer opened for a number of threads, all of which the worker uses
     * @param afterwards action that runs when the threads no longer use the scorer
     */
    ScoringWorker(AudioScorer scorer, Runnable afterwards) {
        this.scorer = scorer;
        this.afterwards = afterwards;
        threads = new ScoringThreads(scorer.threads());
    }

    @Override
    public void perform(ClipBatch batch, WorkerPool.Sink<ClipBatch, AudioScores> sink) throws IOException {
        List<Future<?>> clips = new ArrayList<>();
        for (Clip clip : batch.clips()) {
            clips.add(threads.begin(() -> {
                sink.found(batch, scorer.score(clip));
                return null;
            }));
        }
        finish();
        before = Optional.of(new UnderWay(batch, clips, sink));
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
