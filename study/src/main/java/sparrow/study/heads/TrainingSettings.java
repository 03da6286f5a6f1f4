package sparrow.study.heads;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import sparrow.study.run.RunManifest;

/**
 * Settings of the training of exit heads. The objective is the cross-entropy against the last layer's distribution (SPAR-K: "Training
 * an exit head").
 *
 * @param layers that get a head; without duplicates, ascending
 * @param vocabulary tokens that the heads know
 * @param norm before their matrices
 * @param shape the trained part of a head
 * @param hyperparameters of the optimiser
 */
public record TrainingSettings(
        List<Integer> layers,
        HeadVocabulary vocabulary,
        HeadNorm norm,
        HeadShape shape,
        Hyperparameters hyperparameters) {
    /** The settings in a checkpoint: flat, as the options of the command are. */
    private record Asked(
            String store,
            String modelFingerprint,
            int layer,
            String vocabulary,
            String norm,
            String shape,
            // Checkpoints may be written more or less often.
            @JsonUnwrapped @JsonIgnoreProperties("checkpoint")
            Hyperparameters hyperparameters,

            String arithmetic) {}

    public TrainingSettings {
        layers = List.copyOf(new TreeSet<>(layers));
        Hyperparameters.check("layers", !layers.isEmpty(), "one or more", layers);
    }

    /**
     * The manifest that a checkpoint of a layer's training has to have been made with.
     *
     * @param arithmetic of the machine at work
     */
    RunManifest with(HarvestStore store, int layer, String arithmetic) {
        return RunManifest.of(new Asked(
                store.digest(),
                store.metadata().fingerprint(),
                layer,
                vocabulary.name().toLowerCase(Locale.ROOT),
                norm.name().toLowerCase(Locale.ROOT),
                shape.toString(),
                hyperparameters,
                arithmetic));
    }
}
