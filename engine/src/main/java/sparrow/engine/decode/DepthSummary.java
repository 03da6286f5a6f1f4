package sparrow.engine.decode;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * How deep a reply ran. Positions count by what they were expected to decide, the one that decided the end token
 * included, which is how the published averages come out.
 *
 * @param layers L
 * @param textExits text positions per exit layer
 * @param speechExits speech positions per exit layer
 */
public record DepthSummary(int layers, SortedMap<Integer, Integer> textExits, SortedMap<Integer, Integer> speechExits) {
    public DepthSummary {
        textExits = Collections.unmodifiableSortedMap(new TreeMap<>(textExits));
        speechExits = Collections.unmodifiableSortedMap(new TreeMap<>(speechExits));
    }

    /** Counts the steps of one or more replies of a model with {@code layers} layers. */
    public static DepthSummary of(List<Step> steps, int layers) {
        SortedMap<Integer, Integer> text = new TreeMap<>();
        SortedMap<Integer, Integer> speech = new TreeMap<>();
        for (Step step : steps) {
            (step.modality() == Modality.TEXT ? text : speech).merge(step.exitLayer(), 1, Integer::sum);
        }
        return new DepthSummary(layers, text, speech);
    }

    /** Text positions. */
    public int textPositions() {
        return total(textExits);
    }

    /** Speech positions. */
    public int speechPositions() {
        return total(speechExits);
    }

    /** Average exit layer of text positions; NaN if there are none. */
    public double averageTextExit() {
        return average(textExits);
    }

    /** Average exit layer of speech positions; NaN if there are none. */
    public double averageSpeechExit() {
        return average(speechExits);
    }

    /** Share of layers saved at speech positions, 1 - average exit / L: the paper's speed-up. NaN without speech. */
    public double depthSaved() {
        return 1 - averageSpeechExit() / layers;
    }

    private static int total(SortedMap<Integer, Integer> exits) {
        return exits.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static double average(SortedMap<Integer, Integer> exits) {
        double sum = 0;
        for (var entry : exits.entrySet()) sum += (double) entry.getKey() * entry.getValue();
        return sum / total(exits);
    }
}
