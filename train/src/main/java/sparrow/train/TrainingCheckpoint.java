package sparrow.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.tensor.Tensor;
import sparrow.train.TrainedHead.EpochFigures;
import sparrow.train.TrainedHead.FiguresJson;
import sparrow.train.optimiser.AdamW;
import sparrow.train.optimiser.AdamW.Parameter;

/**
 * An unfinished training as a safetensors file. For every parameter, it contains the values, AdamW's two running means
 * and the best epoch's values, all as f32. The metadata contains the settings and the progress.
 */
final class TrainingCheckpoint {
    private final Path file;
    private final MixedNumerics mixedNumerics;
    private RunManifest manifest;

    /**
     * @param requested training settings
     * @param mixedNumerics rule for resuming with different numerics
     */
    TrainingCheckpoint(Path file, RunManifest requested, MixedNumerics mixedNumerics) {
        this.file = file;
        this.manifest = requested;
        this.mixedNumerics = mixedNumerics;
    }

    /** Returns the training settings and all numerics used so far. */
    RunManifest manifest() {
        return manifest;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /**
     * Writes the checkpoint file atomically. Other processes may write a checkpoint of the same training at the same
     * time.
     */
    void write(TrainingState state) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Parameter> parameters = state.parameters;
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            put(tensors, name + ".value", parameters.get(i).values());
            put(tensors, name + ".mean", state.optimizer.means().get(i));
            put(tensors, name + ".square", state.optimizer.squares().get(i));
            put(tensors, name + ".best", state.best.get(i));
        }
        ObjectNode progress = JsonNodeFactory.instance.objectNode();
        progress.put("step", state.step);
        progress.put("loss_sum", state.lossSum);
        progress.put("weight_sum", state.weightSum);
        ArrayNode epochs = progress.putArray("epochs");
        for (EpochFigures epoch : state.epochs) epochs.add(FiguresJson.of(epoch));
        Map<String, String> metadata =
                Map.of("asked", manifest.toString(), "progress", new RunManifest(progress).toString());
        AtomicFile.writeConcurrently(file, SafetensorsWriter.content(tensors, metadata));
    }

    private static void put(Map<String, Tensor> tensors, String name, float[] values) {
        tensors.put(name, Tensor.of(values, values.length));
    }

    /**
     * Reads the state from the file.
     *
     * @throws BadFileException if the file belongs to a training with different settings or contains no state
     */
    void read(TrainingState state) throws IOException {
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            manifest = HeadFile.manifest(checkpoint, "asked").resumed(file, manifest, mixedNumerics);
            RunManifest progress = HeadFile.manifest(checkpoint, "progress");
            List<Parameter> parameters = state.parameters;
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i).name();
                take(checkpoint, name + ".value", parameters.get(i).values());
                take(checkpoint, name + ".mean", state.optimizer.means().get(i));
                take(checkpoint, name + ".square", state.optimizer.squares().get(i));
                take(checkpoint, name + ".best", state.best.get(i));
            }
            state.step = progress.integer(file, "step", 0);
            state.lossSum = progress.json().path("loss_sum").doubleValue();
            state.weightSum = progress.json().path("weight_sum").doubleValue();
            for (JsonNode epoch : progress.json().path("epochs")) state.epochs.add(FiguresJson.epoch(epoch));
            if (state.epochs.isEmpty()) throw new BadFileException(file, "epochs", "expected one or more, found none");
        }
    }

    /**
     * Checks that the file has the settings of this training.
     *
     * @throws BadFileException if the settings differ or the file is not a checkpoint
     */
    void check() throws IOException {
        try (Checkpoint checkpoint = Safetensors.open(file)) {
            HeadFile.manifest(checkpoint, "asked").resumed(file, manifest, mixedNumerics);
        }
    }

    private static void take(Checkpoint checkpoint, String name, float[] to) {
        checkpoint.tensor(name, to.length).toFloats(to, 0);
    }

    /**
     * The state of a training. With this state, a training resumes bit-identically, as if it had never stopped, because
     * the random numbers depend only on seed and epoch.
     */
    static final class TrainingState {
        final List<Parameter> parameters;
        final AdamW optimizer;

        int step;

        /** Sum of the weighted losses in the current epoch. */
        double lossSum;

        double weightSum;

        final List<EpochFigures> epochs = new ArrayList<>();

        /** Parameter values after the epoch with the smallest held-out loss. */
        final List<float[]> best;

        TrainingState(List<Parameter> parameters, AdamW optimizer) {
            this.parameters = parameters;
            this.optimizer = optimizer;
            this.best = parameters.stream().map(p -> p.values().clone()).toList();
        }

        /** Returns the epoch with the smallest held-out loss, or the first of several such epochs. */
        EpochFigures bestEpoch() {
            EpochFigures best = epochs.getFirst();
            for (EpochFigures epoch : epochs) if (epoch.heldOutLoss() < best.heldOutLoss()) best = epoch;
            return best;
        }

        /** Adds a measured epoch. The parameters are stored if no earlier epoch was better. */
        void add(EpochFigures epoch) {
            epochs.add(epoch);
            lossSum = 0;
            weightSum = 0;
            if (bestEpoch() != epoch) return;
            for (int i = 0; i < parameters.size(); i++) {
                System.arraycopy(parameters.get(i).values(), 0, best.get(i), 0, best.get(i).length);
            }
        }

        /** Sets the parameters to the values of the best epoch. */
        void takeBest() {
            for (int i = 0; i < parameters.size(); i++) {
                System.arraycopy(best.get(i), 0, parameters.get(i).values(), 0, best.get(i).length);
            }
        }
    }
}
