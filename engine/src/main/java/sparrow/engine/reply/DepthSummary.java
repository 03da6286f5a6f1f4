package sparrow.engine.reply;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * The depth of one or more replies. A position counts for the modality that it was expected to decide. The position
 * that decided the end token is included, because only then do the averages equal the published ones.
 *
 * @param layers number of layers, L
 * @param textExits number of text positions by exit layer
 * @param speechExits number of speech positions by exit layer
 * @param compute amount of computation
 */
public record DepthSummary(
        int layers,
        SortedMap<Integer, Integer> textExits,
        SortedMap<Integer, Integer> speechExits,
        ComputeStats compute) {
    public DepthSummary {
        textExits = Collections.unmodifiableSortedMap(new TreeMap<>(textExits));
        speechExits = Collections.unmodifiableSortedMap(new TreeMap<>(speechExits));
    }

    /** Returns the depth of a reply. */
    public static DepthSummary of(Reply reply, int layers) {
        return of(reply.steps(), reply.compute(), layers);
    }

    /** Returns the depth of the steps of one or more replies. */
    public static DepthSummary of(List<Step> steps, ComputeStats compute, int layers) {
        SortedMap<Integer, Integer> text = new TreeMap<>();
        SortedMap<Integer, Integer> speech = new TreeMap<>();
        for (Step step : steps) {
            (step.modality() == Modality.TEXT ? text : speech).merge(step.exitLayer(), 1, Integer::sum);
        }
        return new DepthSummary(layers, text, speech, compute);
    }

    /** Number of text positions. */
    public int textPositions() {
        return total(textExits);
    }

    /** Number of speech positions. */
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

    /** Layers read per text token; NaN if there are none. Without drafts, this equals {@link #averageTextExit}. */
    public double textLayersRead() {
        return (double) compute.text().layersRead() / textPositions();
    }

    /** Layers read per speech token; NaN if there are none. Without drafts, this equals {@link #averageSpeechExit}. */
    public double speechLayersRead() {
        return (double) compute.speech().layersRead() / speechPositions();
    }

    /** Layers read per token of either modality; NaN without tokens. */
    public double layersRead() {
        return (double) compute.total().layersRead() / (textPositions() + speechPositions());
    }

    /** Layers that positions went through per token, including pending and removed positions; NaN without tokens. */
    public double positionLayers() {
        return (double) compute.total().positionLayers() / (textPositions() + speechPositions());
    }

    /** Fraction of the drafts that were confirmed, 0 to 1; NaN without drafts. */
    public double confirmed() {
        return (double) compute.total().confirmed() / compute.total().drafted();
    }

    /**
     * Fraction of layers saved at speech positions, 1 - {@link #speechLayersRead} / L: the paper's speed-up. NaN
     * without speech.
     */
    public double depthSaved() {
        return 1 - speechLayersRead() / layers;
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
