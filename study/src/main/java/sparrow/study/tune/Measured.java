package sparrow.study.tune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.reply.DepthSummary;
import sparrow.study.compare.PolicyResult;
import sparrow.study.layers.LayerReadings;

/**
 * The measurements of an exit plan.
 *
 * @param averageExit average exit layer of speech positions
 * @param depthSaved fraction of layer reads saved at speech positions, or at all positions if any candidate of the
 *     sweep lets text exit early
 * @param layersRead average layer reads per token of text or speech
 * @param positionLayers average number of layers that positions passed through per token, counting all rows of a pass
 * @param layers number of layers L
 * @param qualities measured qualities
 */
public record Measured(
        ExitPlan plan,
        double averageExit,
        double depthSaved,
        double layersRead,
        double positionLayers,
        int layers,
        Map<Quality, Double> qualities) {
    public Measured {
        Map<Quality, Double> copy = new EnumMap<>(Quality.class);
        copy.putAll(qualities);
        qualities = Collections.unmodifiableMap(copy);
    }

    /**
     * Returns the measurements for a row of a comparison.
     *
     * @param readings readings for the agreement
     * @param layers number of layers L
     * @param text whether any candidate of the sweep lets text exit early
     */
    static Measured of(PolicyResult row, Optional<LayerReadings> readings, int layers, boolean text) {
        ExitPlan plan = row.policy().plan();
        Map<Quality, Double> qualities = new EnumMap<>(Quality.class);
        put(qualities, Quality.WER, row.all().wordErrorRate().percent());
        put(qualities, Quality.MOS, row.all().mos().value());
        put(qualities, Quality.ACCURACY, row.meanTextScore().value());
        readings.map(all -> all.agreement(plan))
                .ifPresent(agreement -> agreement.ifPresent(percent -> qualities.put(Quality.AGREEMENT, percent)));
        DepthSummary depth = row.all().depth();
        double saved = Double.isFinite(depth.depthSaved()) ? depth.depthSaved() : 0;
        double read = Double.isFinite(depth.layersRead()) ? depth.layersRead() : layers;
        double rows = Double.isFinite(depth.positionLayers()) ? depth.positionLayers() : layers;
        return new Measured(
                plan, depth.averageSpeechExit(), text ? 1 - read / layers : saved, read, rows, layers, qualities);
    }

    private static void put(Map<Quality, Double> qualities, Quality quality, Double value) {
        if (value != null) qualities.put(quality, value);
    }

    /** Returns a quality, or null if it was not measured. */
    Double quality(Quality quality) {
        return qualities.get(quality);
    }

    /** Returns the plan in the notation of {@link ExitPlan#parse}. */
    String policies() {
        return plan.toString();
    }
}
