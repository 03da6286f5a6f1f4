package sparrow.study.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.Logits;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.State;
import sparrow.engine.transformer.Transformer;
import sparrow.study.read.HiddenStates;
import sparrow.study.read.Reading;

/** Reads hidden states through the heads of their layers. One thread at a time: it keeps its scratch memory. */
final class LensReader {
    /** Positions whose logits are held at once: a vocabulary of GLM-4-Voice takes 0.7 MB each. */
    private static final int POSITIONS = 16;

    private final Transformer transformer;
    private final int usable;
    private final SortedMap<Integer, Head> heads;
    private final Scorer lastScorer;
    private final Scorer scorer;

    /**
     * @param heads by layer; the highest is the model's own
     */
    LensReader(LanguageModel model, SortedMap<Integer, Head> heads) {
        this.transformer = model.transformer();
        this.lastScorer = transformer.newScorer();
        this.scorer = transformer.newScorer();
        this.usable = model.tokens().usable();
        this.heads = heads;
    }

    /** One reading per layer, from the lowest to the last. */
    List<LayerReading> read(HiddenStates states) {
        SortedMap<Integer, List<Reading>> readings = new TreeMap<>();
        for (int layer : heads.keySet()) readings.put(layer, new ArrayList<>());
        int positions = states.after(heads.lastKey()).size();
        for (int from = 0; from < positions; from += POSITIONS) {
            read(states, from, Math.min(positions, from + POSITIONS), readings);
        }
        List<LayerReading> all = new ArrayList<>();
        readings.forEach((layer, ofLayer) -> all.add(LayerReading.of(layer, ofLayer)));
        return all;
    }

    private void read(HiddenStates states, int from, int to, SortedMap<Integer, List<Reading>> readings) {
        int lastLayer = heads.lastKey();
        List<Logits> last = heads.get(lastLayer).logits(lastScorer, some(states, lastLayer, from, to));
        heads.forEach((layer, head) -> {
            List<Logits> logits = layer == lastLayer ? last : head.logits(scorer, some(states, layer, from, to));
            for (int i = 0; i < logits.size(); i++) {
                readings.get(layer).add(Reading.of(logits.get(i), last.get(i), usable));
            }
        });
    }

    private List<State> some(HiddenStates states, int layer, int from, int to) {
        return states.after(layer).subList(from, to).stream()
                .map(transformer::state)
                .toList();
    }
}
