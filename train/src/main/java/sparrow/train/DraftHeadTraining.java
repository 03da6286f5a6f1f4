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
 * Trains a {@link DraftHead} on a harvested store, with a checkpoint in the folder that it will lie in. The same call goes
 * on where one before it stopped.
 */
public final class DraftHeadTraining {
    private static final String KEY = "step";

    private final SpokenModel model;
    private final HarvestStore store;
    private final DraftTrainingSettings settings;

    /**
     * @throws IllegalArgumentException in one line if the store was harvested from another model, or without the states
     *     after the last layer
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
     * @param out new or empty, or with exit heads, or what this training left there when it was stopped or killed
     * @param tool name of the trainer, for the file
     * @param mixedNumerics rule for an earlier part of other numerics
     * @return how it went; its layer is L
     * @throws IllegalArgumentException in one line if {@code out} holds something else
     * @throws ClosedByInterruptException if the thread was interrupted; {@code out} holds a checkpoint
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
     * Settings of the training of a draft head. The objective is the sum over the steps of 0.8^(step - 1) x the cross-entropy against the
     * last layer's distribution so many positions further on, along the reply as it is: where drafts were right so far, this
     * is the state that drafting meets.
     *
     * @param steps that it looks ahead, 1 to {@link DraftHead#MAX_STEPS}
     * @param hyperparameters of the optimiser
     */
    public record DraftTrainingSettings(int steps, Hyperparameters hyperparameters) {
        /** Weight of a step by that of the one before. */
        private static final double DISCOUNT = 0.8;

        private record Asked(
                String store,
                String modelFingerprint,
                int steps,
                // Checkpoints may be written more or less often.
                @JsonUnwrapped @JsonIgnoreProperties("checkpoint")
                Hyperparameters hyperparameters,

                String arithmetic) {}

        public DraftTrainingSettings {
            Hyperparameters.check(
                    "steps", steps >= 1 && steps <= DraftHead.MAX_STEPS, "1 to " + DraftHead.MAX_STEPS, steps);
        }

        /** Weight of a step, counted from 1. */
        static double weight(int step) {
            return Math.pow(DISCOUNT, step - 1);
        }

        /**
         * The manifest that a checkpoint has to have been made with.
         *
         * @param arithmetic of the machine at work
         */
        RunManifest with(HarvestStore store, String arithmetic) {
            return RunManifest.of(
                    new Asked(store.digest(), store.metadata().fingerprint(), steps, hyperparameters, arithmetic));
        }
    }
}
