package sparrow.engine.reply;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sparrow.engine.interleave.Modality;

/**
 * The depth of one or more replies. Positions count by the modality that they were expected to decide, the one that decided the end token
 * included, which is how the published averages come out.
 *
 * @param layers L
 * @param textExits text positions per exit layer
 * @param speechExits speech positions per exit layer
 * @param compute the computation that they took
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

    /** The depth of a reply of a model with {@code layers} layers. */
    public static DepthSummary of(Reply reply, int layers) {
        return of(reply.steps(), reply.compute(), layers);
    }

    /** The depth of the steps of one or more replies, with their computation. */
    public static DepthSummary of(List<Step> steps, ComputeStats compute, int layers) {
        SortedMap<Integer, Integer> text = new TreeMap<>();
        SortedMap<Integer, Integer> speech = new TreeMap<>();
        for (Step step : steps) {
            (step.modality() == Modality.TEXT ? text : speech).merge(step.exitLayer(), 1, Integer::sum);
        }
        return new DepthSummary(layers, text, speech, compute);
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

    /** Layers read for a text token; NaN if there are none. Without drafts it is {@link #averageTextExit}. */
    public double textLayersRead() {
        return (double) compute.text().layersRead() / textPositions();
    }

    /** Layers read for a speech token; NaN if there are none. Without drafts it is {@link #averageSpeechExit}. */
    public double speechLayersRead() {
        return (double) compute.speech().layersRead() / speechPositions();
    }

    /** Layers read for a token of either kind; NaN without tokens. */
    public double layersRead() {
        return (double) compute.total().layersRead() / (textPositions() + speechPositions());
    }

    /** Layers that positions went through per token, pending and removed positions included; NaN without tokens. */
    public double positionLayers() {
        return (double) compute.total().positionLayers() / (textPositions() + speechPositions());
    }

    /** Share of the drafts that were confirmed, 0 to 1; NaN without drafts. */
    public double confirmed() {
        return (double) compute.total().confirmed() / compute.total().drafted();
    }

    /** Share of layer readings saved at speech positions, 1 - readings / L: the paper's speed-up. NaN without speech. */
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
