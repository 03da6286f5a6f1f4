package sparrow.engine.decode;

import java.util.SortedMap;
import java.util.TreeMap;

/** How often drafts of each layer have lately been right: an exponential mean over verified positions. */
final class RunningAcceptance {
    private static final double START = 0.8;

    /** Positions after which an outcome counts 1 / e. */
    private static final int MEMORY = 64;

    private final SortedMap<Integer, Double> means = new TreeMap<>();

    double of(int layer) {
        return means.getOrDefault(layer, START);
    }

    void note(int layer, boolean right) {
        means.put(layer, of(layer) + ((right ? 1 : 0) - of(layer)) / MEMORY);
    }

    RunningAcceptance copy() {
        RunningAcceptance copy = new RunningAcceptance();
        copy.means.putAll(means);
        return copy;
    }
}
