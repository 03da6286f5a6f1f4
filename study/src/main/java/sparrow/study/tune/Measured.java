package sparrow.study.tune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import sparrow.engine.exit.ExitPlan;

/**
 * One exit plan, measured.
 *
 * @param averageExit mean exit layer of speech positions
 * @param depthSaved share of layer readings saved at speech positions
 * @param layersRead layers read for a token of text or speech
 * @param layersReadSaved share of layer readings saved at all positions
 * @param qualities as far as they could be measured
 */
public record Measured(
        ExitPlan plan,
        double averageExit,
        double depthSaved,
        double layersRead,
        double layersReadSaved,
        Map<Quality, Double> qualities) {
    public Measured {
        Map<Quality, Double> copy = new EnumMap<>(Quality.class);
        copy.putAll(qualities);
        qualities = Collections.unmodifiableMap(copy);
    }

    /** A quality; null where it could not be measured. */
    Double quality(Quality quality) {
        return qualities.get(quality);
    }

    /** In the notation of {@link ExitPlan#parse}. */
    String policies() {
        return plan.toString();
    }
}
