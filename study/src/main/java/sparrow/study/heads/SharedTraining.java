package sparrow.study.heads;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import sparrow.study.run.Resumption;
import sparrow.study.run.Workers;

/** Trains the heads of several layers by workers that see the store and the folder of the heads, a layer each. */
public final class SharedTraining {
    private final HeadTraining training;
    private final Workers workers;

    /**
     * @param training what is trained, its store open here
     * @param workers each of which trains a layer at a time
     */
    public SharedTraining(HeadTraining training, Workers workers) {
        this.training = training;
        this.workers = workers;
    }

    /**
     * Trains all heads and writes {@code heads.safetensors}, as
     * {@link HeadTraining#into(Path, String, Resumption, TrainingListener)} does, to the byte. Of a layer that is trained
     * elsewhere, the listener hears when it is done.
     *
     * @throws IllegalArgumentException in one line if {@code out} holds something else, or if workers do not see it
     * @throws sparrow.study.run.RunStoppedException if the thread was interrupted; {@code out} holds checkpoints
     * @throws IOException if a file cannot be read or written, or if a layer was given up
     */
    public List<TrainedHead> into(Path out, String tool, Resumption resumption, TrainingListener listener)
            throws IOException {
        if (!training.begin(out, resumption)) train(out, resumption, listener);
        return training.join(out, tool);
    }

    private void train(Path out, Resumption resumption, TrainingListener listener) throws IOException {
        LayerWork work = new LayerWork(
                training.settings(),
                training.store().folder().toAbsolutePath().toString(),
                out.toAbsolutePath().toString(),
                SharedFolder.prove(out),
                resumption);
        Iterator<Integer> layers = training.settings().layers().iterator();
        List<String> lost = new ArrayList<>();
        workers.each(
                work,
                () -> layers.hasNext() ? Optional.of(layers.next()) : Optional.empty(),
                new Workers.Sink<Integer, TrainedHead>() {
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
