package sparrow.models.gguf;

import java.util.List;
import java.util.TreeSet;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.TransformerConfig;

/**
 * Sizes and ids of a family's published model, from which files with random weights are created.
 *
 * @param name the name on the command line and in messages
 * @param architecture the decoder's architecture
 * @param config the sizes
 * @param tokens the meaning of the ids
 * @param interleave the numbers of text and speech tokens per cycle
 * @param exitLayers the layers with an exit head, as in the paper's schedules
 * @param draftHead whether there is a draft head
 */
public record PublishedModel(
        String name,
        Architecture architecture,
        TransformerConfig config,
        TokenSpace tokens,
        InterleaveFormat interleave,
        List<Integer> exitLayers,
        boolean draftHead) {
    /** Creates a model without a draft head. No published model has a draft head. */
    public PublishedModel(
            String name,
            Architecture architecture,
            TransformerConfig config,
            TokenSpace tokens,
            InterleaveFormat interleave,
            List<Integer> exitLayers) {
        this(name, architecture, config, tokens, interleave, exitLayers, false);
    }

    public PublishedModel {
        exitLayers = List.copyOf(exitLayers);
    }

    /**
     * Returns a copy that has exit heads only after the given layers.
     *
     * @throws IllegalArgumentException if a layer is not below the last layer
     */
    public PublishedModel withExitLayers(List<Integer> others) {
        for (int layer : others) {
            if (layer < 1 || layer >= config.layers()) {
                throw new IllegalArgumentException(
                        "exit layers: expected 1 to " + (config.layers() - 1) + " for " + name + ", got " + layer);
            }
        }
        return new PublishedModel(
                name, architecture, config, tokens, interleave, List.copyOf(new TreeSet<>(others)), draftHead);
    }

    /** Returns a copy with a draft head. */
    public PublishedModel withDraftHead() {
        return new PublishedModel(name, architecture, config, tokens, interleave, exitLayers, true);
    }

    /** Returns the layers below {@code layers} that have an exit head. */
    public List<Integer> exitLayers(int layers) {
        return exitLayers.stream().filter(layer -> layer < layers).toList();
    }

    /** Returns the ids that are allowed at speech positions, in ascending order. */
    public int[] speechRows() {
        return tokens.allowedInSpeech().stream().toArray();
    }
}
