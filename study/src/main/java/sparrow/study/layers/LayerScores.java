package sparrow.study.layers;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The scores of the sounds of one reply's layers.
 *
 * @param mos opinion score by layer; a layer that has none is missing
 * @param failures why, each in one line
 */
record LayerScores(SortedMap<Integer, Double> mos, List<String> failures) {
    LayerScores {
        mos = new TreeMap<>(mos);
        failures = List.copyOf(failures);
    }
}
