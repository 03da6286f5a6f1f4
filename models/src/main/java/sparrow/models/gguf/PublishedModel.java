package sparrow.models.gguf;

import java.util.List;
import java.util.TreeSet;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.TransformerConfig;

/**
 * Sizes and ids of a family's published model, for files of random weights that are as large.
 *
 * @param name on the command line and in messages
 * @param architecture of its decoder
 * @param config the sizes
 * @param tokens meaning of the ids
 * @param interleave rhythm of text and speech
 * @param exitLayers layers that have an exit head in the paper's schedules
 * @param draftHead true if there is a draft head
 */
public record PublishedModel(
        String name,
        Architecture architecture,
        TransformerConfig config,
        TokenSpace tokens,
        InterleaveFormat interleave,
        List<Integer> exitLayers,
        boolean draftHead) {
    /** Without a draft head, as all of them were published. */
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
     * Returns the same with exit heads after other layers.
     *
     * @throws IllegalArgumentException in one line if the model has no such layer below its last one
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

    /** Returns the same with a draft head. */
    public PublishedModel withDraftHead() {
        return new PublishedModel(name, architecture, config, tokens, interleave, exitLayers, true);
    }

    /** Layers that get an exit head, of those below {@code layers}. */
    public List<Integer> exitLayers(int layers) {
        return exitLayers.stream().filter(layer -> layer < layers).toList();
    }

    /** Ids that a speech position may decide, in order. */
    int[] speechRows() {
        return tokens.allowedInSpeech().stream().toArray();
    }
}
