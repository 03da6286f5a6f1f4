package sparrow.train;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import sparrow.engine.head.DraftHead;
import sparrow.study.run.RunManifest;
import sparrow.train.harvest.HarvestStore;

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
