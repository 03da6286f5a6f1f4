package sparrow.study.read;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The residual stream after selected layers, at each position that decided a unit of a reply. */
public final class HiddenStates {
    private final SortedMap<Integer, List<float[]>> byLayer = new TreeMap<>();

    HiddenStates(SortedSet<Integer> layers) {
        for (int layer : layers) byLayer.put(layer, new ArrayList<>());
    }

    /** Adds a copy of the next position's state. */
    void add(int layer, float[] hidden) {
        byLayer.get(layer).add(hidden.clone());
    }

    /**
     * Returns the states after a layer, one per decided unit, each [width].
     *
     * @throws IllegalArgumentException if the layer was not read
     */
    public List<float[]> after(int layer) {
        List<float[]> states = byLayer.get(layer);
        if (states == null) {
            throw new IllegalArgumentException("layer " + layer + ": expected one of " + byLayer.keySet());
        }
        return Collections.unmodifiableList(states);
    }
}
