package sparrow.study.layers;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitHead;
import sparrow.engine.exit.Head;

/** The head that the hidden states below the last layer are read through. */
public enum Lens {
    /** The trained exit head of each layer. */
    HEAD {
        @Override
        Head at(int layer, LanguageModel model) {
            return model.heads().at(layer);
        }
    },

    /** The model's own final norm and output matrix: the logit lens, for layers that no head was trained for. */
    OUTPUT {
        @Override
        Head at(int layer, LanguageModel model) {
            return ExitHead.ofOutput(layer, model.transformer());
        }
    };

    abstract Head at(int layer, LanguageModel model);

    /**
     * The heads of some layers, and of the last one, which is always the model's own.
     *
     * @throws IllegalArgumentException in one line if the model does not have a layer, or no head for it
     */
    SortedMap<Integer, Head> heads(SortedSet<Integer> layers, LanguageModel model) {
        int last = model.layers();
        SortedMap<Integer, Head> heads = new TreeMap<>();
        for (int layer : layers) {
            if (layer < 1 || layer > last) {
                throw new IllegalArgumentException(
                        "--layers: expected 1 to " + last + ", the layers of this model, got " + layer);
            }
            if (layer < last) heads.put(layer, at(layer, model));
        }
        heads.put(last, model.heads().full());
        return heads;
    }
}
