package sparrow.train;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import sparrow.engine.head.DraftHead;
import sparrow.models.SpokenModel;
import sparrow.study.folder.MixedNumerics;
import sparrow.study.folder.RunManifest;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.optimiser.Hyperparameters;

/**
 * Trains a {@link DraftHead} on a harvested store. A checkpoint is written to the head's folder, and a repeated call
 * resumes training.
 */
public final class DraftHeadTraining {
    private static final String KEY = "step";

    private final SpokenModel model;
    private final HarvestStore store;
    private final DraftTrainingSettings settings;

    /**
     * @throws IllegalArgumentException if the store was harvested from a different model or without the states after
     *     the last layer; the message is one line
     */
    public DraftHeadTraining(SpokenModel model, HarvestStore store, DraftTrainingSettings settings) {
        store.requireMadeWith(model);
        store.requireLastLayer();
        model.requireTokenSpeech();
        this.model = model;
        this.store = store;
        this.settings = settings;
    }

    /**
     * Trains the head and writes {@code step-head.safetensors}.
     *
     * @param out folder that is new, empty, or contains exit heads or the files of this training after it was stopped
     *     or killed
     * @param tool name of the trainer, which is written to the file
     * @param mixedNumerics rule for resuming with different numerics
     * @return metrics of the training, whose layer is L
     * @throws IllegalArgumentException if {@code out} contains any other files; the message is one line
     * @throws ClosedByInterruptException if the thread was interrupted; in this case, {@code out} contains a checkpoint
     * @throws IllegalStateException if a loss is not a number
     * @throws IOException if a file cannot be read or written
     */
    public TrainedHead into(Path out, String tool, MixedNumerics mixedNumerics, TrainingListener listener)
            throws IOException {
        HeadFile file = HeadFile.ofDraftHead(model, store, settings, tool);
        TrainingFolder folder = TrainingFolder.ofDraftHead(out);
        int last = model.languageModel().layers();
        SequencedMap<String, Integer> keys = new LinkedHashMap<>();
        keys.put(KEY, last);
        if (folder.begin()) return file.finished(folder, keys, listener).getFirst();
        DraftObjective training = new DraftObjective(store, settings, OutputRows.all(model.languageModel()));
        TrainingCheckpoint checkpoint =
                new TrainingCheckpoint(folder.checkpoint(), settings.with(store, model.numerics()), mixedNumerics);
        TrainedHead trained = new TrainingRun(
                        training,
                        settings.hyperparameters(),
                        last,
                        checkpoint,
                        model.languageModel().transformer().kernels().pool(),
                        listener)
                .run();
        file.computedBy(checkpoint.manifest(), folder.checkpoint());
        file.add(KEY, trained, HeadFile.tensors(KEY, training.cell().tensors(), null));
        file.write(folder.file());
        folder.deleteOthers();
        return trained;
    }

    /**
     * Settings for training a draft head. For each step, the loss is the cross-entropy against the last layer's
     * distribution at the position that is the same number of steps ahead. The objective is the sum of these losses,
     * weighted by 0.8^(step - 1). The reply's own tokens are used between the positions, as in drafting if all previous
     * drafts are correct.
     *
     * @param steps number of steps that the head predicts ahead, 1 to {@link DraftHead#MAX_STEPS}
     * @param hyperparameters hyperparameters of the optimiser
     */
    public record DraftTrainingSettings(int steps, Hyperparameters hyperparameters) {
        /** Ratio of a step's weight to the previous step's weight. */
        private static final double DISCOUNT = 0.8;

        private record Asked(
                String store,
                String modelFingerprint,
                int steps,
                // The interval between checkpoints may change.
                @JsonUnwrapped @JsonIgnoreProperties("checkpoint")
                Hyperparameters hyperparameters,

                String arithmetic) {}

        public DraftTrainingSettings {
            Hyperparameters.check(
                    "steps", steps >= 1 && steps <= DraftHead.MAX_STEPS, "1 to " + DraftHead.MAX_STEPS, steps);
        }

        /** Returns the weight of a step, counted from 1. */
        static double weight(int step) {
            return Math.pow(DISCOUNT, step - 1);
        }

        /**
         * Returns the manifest that a checkpoint must contain for training to resume from it.
         *
         * @param arithmetic arithmetic of the current machine
         */
        RunManifest with(HarvestStore store, String arithmetic) {
            return RunManifest.of(
                    new Asked(store.digest(), store.metadata().fingerprint(), steps, hyperparameters, arithmetic));
        }
    }
}
