package sparrow.engine.reply;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * Summarises the depth of one or more replies. A position is assigned to the modality that it was expected to decide.
 * The position that decided the end token is included, as in the published averages.
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

    /** Returns the number of text positions. */
    public int textPositions() {
        return total(textExits);
    }

    /** Returns the number of speech positions. */
    public int speechPositions() {
        return total(speechExits);
    }

    /** Returns the average exit layer of text positions, or NaN if there are none. */
    public double averageTextExit() {
        return average(textExits);
    }

    /** Returns the average exit layer of speech positions, or NaN if there are none. */
    public double averageSpeechExit() {
        return average(speechExits);
    }

    /**
     * Returns the number of layers read per text token, or NaN if there are none. Without drafts, this equals
     * {@link #averageTextExit}.
     */
    public double textLayersRead() {
        return (double) compute.text().layersRead() / textPositions();
    }

    /**
     * Returns the number of layers read per speech token, or NaN if there are none. Without drafts, this equals
     * {@link #averageSpeechExit}.
     */
    public double speechLayersRead() {
        return (double) compute.speech().layersRead() / speechPositions();
    }

    /** Returns the number of layers read per token of either modality, or NaN if there are no tokens. */
    public double layersRead() {
        return (double) compute.total().layersRead() / (textPositions() + speechPositions());
    }

    /**
     * Returns the number of layers that positions passed through per token, including pending and removed positions, or
     * NaN if there are no tokens.
     */
    public double positionLayers() {
        return (double) compute.total().positionLayers() / (textPositions() + speechPositions());
    }

    /** Returns the fraction of drafts that were accepted, from 0 to 1, or NaN if there are no drafts. */
    public double accepted() {
        return (double) compute.total().accepted() / compute.total().drafted();
    }

    /**
     * Returns the fraction of layers saved at speech positions, 1 - {@link #speechLayersRead} / L, which is the paper's
     * speed-up, or NaN if there is no speech.
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
