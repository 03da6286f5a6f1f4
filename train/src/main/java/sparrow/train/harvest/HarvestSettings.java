package sparrow.train.harvest;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import sparrow.engine.head.Sampling;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.SpokenModel;
import sparrow.models.family.FrameHeads;
import sparrow.study.folder.RunManifest;

/**
 * Settings of a harvest.
 *
 * @param layers layers from 1 to L - 1 whose hidden states are stored, ascending and without duplicates
 * @param targets stored part of the last layer's distribution
 * @param sampling sampling parameters of the replies, usually the values recommended for the model; each prompt has
 *     different random numbers
 * @param newTokens maximum number of tokens, or of tokens and frames, per reply
 * @param batch number of prompts that are answered together
 */
public record HarvestSettings(List<Integer> layers, Targets targets, Sampling sampling, int newTokens, int batch) {
    /** The content of {@code store.json}. */
    private record StoreJson(
            String model,
            String modelFingerprint,
            String modelWeights,
            int modelLayers,
            int width,
            int vocabulary,
            Integer codebooks,
            Integer codes,
            List<Integer> layers,
            String states,
            String targets,
            Sampling sampling,
            int maxNewTokens,
            int batch,
            String arithmetic) {}

    public HarvestSettings {
        layers = List.copyOf(new TreeSet<>(layers));
        if (layers.isEmpty()) throw new IllegalArgumentException("layers: expected one or more");
        if (newTokens < 1) throw new IllegalArgumentException("new tokens: expected 1 or more, got " + newTokens);
        if (batch < 1) throw new IllegalArgumentException("batch: expected 1 prompt or more, got " + batch);
    }

    /**
     * Returns these settings together with the model, as stated in the store.
     *
     * @throws IllegalArgumentException if the model does not have the layers or the tokens
     */
    public RunManifest with(SpokenModel model) {
        TransformerConfig config = model.languageModel().transformer().config();
        for (int layer : layers) {
            if (layer < 1 || layer >= config.layers()) {
                throw new IllegalArgumentException("layers: expected 1 to " + (config.layers() - 1) + " (the model has "
                        + config.layers() + "), got " + layer);
            }
        }
        if (targets.top() > config.vocabulary()) {
            throw new IllegalArgumentException(
                    "targets: expected at most the " + config.vocabulary() + " tokens of the model, got " + targets);
        }
        Optional<FrameHeads> frames = model.frameHeads();
        if (frames.isPresent() && !targets.areExact()) {
            throw new IllegalArgumentException(
                    "targets: expected exact for a model whose speech is frames, got " + targets);
        }
        return RunManifest.of(new StoreJson(
                model.name(),
                ModelFingerprint.of(model.languageModel().transformer()).toString(),
                model.weightFormat(),
                config.layers(),
                config.width(),
                config.vocabulary(),
                frames.map(FrameHeads::codebooks).orElse(null),
                frames.map(FrameHeads::codes).orElse(null),
                layers,
                "states.L (f16) times scales.L (f32), row by row",
                targets.toString(),
                sampling,
                newTokens,
                batch,
                model.numerics()));
    }
}
