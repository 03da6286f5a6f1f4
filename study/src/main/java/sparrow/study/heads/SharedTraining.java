package sparrow.study.heads;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.WorkerPool;

/** Trains the heads of several layers by workers that see the store and the folder of the heads, a layer each. */
public final class SharedTraining {
    private final HeadTraining training;
    private final WorkerPool workers;

    /**
     * @param training the training, its store open here
     * @param workers each of which trains a layer at a time
     */
    public SharedTraining(HeadTraining training, WorkerPool workers) {
        this.training = training;
        this.workers = workers;
    }

    /**
     * Trains all heads and writes {@code heads.safetensors}, as
     * {@link HeadTraining#into(Path, String, MixedNumerics, TrainingListener)} does, to the byte. Of a layer that is trained
     * elsewhere, the listener hears when it is done.
     *
     * @throws IllegalArgumentException in one line if {@code out} holds something else, or if workers do not see it
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; {@code out} holds checkpoints
     * @throws IOException if a file cannot be read or written, or if a layer was given up
     */
    public List<TrainedHead> into(Path out, String tool, MixedNumerics mixedNumerics, TrainingListener listener)
            throws IOException {
        if (!training.begin(out, mixedNumerics)) train(out, mixedNumerics, listener);
        return training.join(out, tool);
    }

    private void train(Path out, MixedNumerics mixedNumerics, TrainingListener listener) throws IOException {
        LayerJob job = new LayerJob(
                training.settings(),
                training.store().folder().toAbsolutePath().toString(),
                out.toAbsolutePath().toString(),
                TrainingFolder.prove(out),
                mixedNumerics);
        Iterator<Integer> layers = training.settings().layers().iterator();
        List<String> lost = new ArrayList<>();
        workers.run(
                job,
                () -> layers.hasNext() ? Optional.of(layers.next()) : Optional.empty(),
                new WorkerPool.Sink<Integer, TrainedHead>() {
                    @Override
                    public void found(Integer layer, TrainedHead head) {
                        head.epochs().forEach(epoch -> listener.epoch(layer, epoch));
                    }

                    @Override
                    public void finished(Integer layer) {}

                    @Override
                    public void lost(Integer layer, String reason) {
                        lost.add("layer " + layer + ": " + reason);
                    }
                });
        if (lost.isEmpty()) return;
        throw new IOException("given up: " + String.join("; ", lost) + "; the same command tries again");
    }
}
