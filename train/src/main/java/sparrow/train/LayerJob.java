package sparrow.train;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.Worker;
import sparrow.study.run.WorkerPool;
import sparrow.train.harvest.HarvestStore;

/**
 * Trains the head of one layer after the other, in folders that every worker sees: stores and heads are too large to
 * be sent.
 *
 * @param training settings of the heads
 * @param store folder of the harvest
 * @param out a folder that was {@linkplain HeadTraining#begin begun}
 * @param proof content of a file in {@code out} ({@link TrainingFolder})
 */
record LayerJob(TrainingSettings training, String store, String out, String proof, MixedNumerics mixedNumerics)
        implements Job<Integer, TrainedHead> {
    @Override
    public Worker<Integer, TrainedHead> open(SpokenModel model) throws IOException {
        TrainingFolder.requireProof(Path.of(out), proof);
        HarvestStore harvest = HarvestStore.open(Path.of(store));
        try {
            return new Training(harvest, new HeadTraining(model, harvest, training), Path.of(out), mixedNumerics);
        } catch (RuntimeException e) {
            harvest.close();
            throw e;
        }
    }

    private record Training(HarvestStore harvest, HeadTraining training, Path out, MixedNumerics mixedNumerics)
            implements Worker<Integer, TrainedHead> {
        @Override
        public void perform(Integer layer, WorkerPool.Sink<Integer, TrainedHead> sink) throws IOException {
            try {
                sink.found(layer, training.layer(out, layer, mixedNumerics, TrainingListener.NONE));
            } catch (ClosedByInterruptException e) {
                throw new RunStoppedException();
            }
            sink.finished(layer);
        }

        @Override
        public void close() {
            harvest.close();
        }
    }
}
