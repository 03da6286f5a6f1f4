package sparrow.study.layers;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHead;
import sparrow.engine.interleave.Modality;

/** The head through which the hidden states below the last layer are read. */
public enum Lens {
    /** The trained exit head of each layer. */
    HEAD,
    /** The model's own final norm and output matrix: the logit lens, for layers without a trained head. */
    OUTPUT;

    private ExitHead at(int layer, LanguageModel model) {
        return switch (this) {
            case HEAD -> model.heads().at(layer);
            case OUTPUT -> ExitHead.ofOutput(layer, model.transformer());
        };
    }

    /** Returns the layer whose head reads the frames of a layer. */
    int ofFrames(int layer, int last) {
        return switch (this) {
            case HEAD -> layer;
            case OUTPUT -> last;
        };
    }

    /**
     * Returns the heads of the given layers and of the last layer, whose head is always the model's own.
     *
     * @throws IllegalArgumentException if the model does not have a layer, or has no head for a layer; the message is
     *     one line
     */
    SortedMap<Integer, ExitHead> heads(SortedSet<Integer> layers, LanguageModel model) {
        int last = model.layers();
        SortedMap<Integer, ExitHead> heads = new TreeMap<>();
        for (int layer : layers) {
            if (layer < 1 || layer > last) {
                throw new IllegalArgumentException(
                        "--layers: expected 1 to " + last + ", the layers of this model, got " + layer);
            }
            if (layer == last) continue;
            heads.put(layer, at(layer, model));
            if (this == HEAD && !model.units().exitLayers(Modality.SPEECH).contains(layer)) {
                throw new IllegalArgumentException("--layers: no exit head of frames for layer " + layer
                        + "; expected some of " + model.units().exitLayers(Modality.SPEECH));
            }
        }
        heads.put(last, model.heads().full());
        return heads;
    }
}
