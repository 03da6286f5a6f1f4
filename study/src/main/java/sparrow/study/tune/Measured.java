package sparrow.study.tune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import sparrow.engine.exit.ExitPolicy;

/**
 * One policy of speech positions, measured.
 *
 * @param averageExit mean exit layer of speech positions
 * @param depthSaved 1 - averageExit / L
 * @param qualities as far as they could be measured
 */
public record Measured(ExitPolicy policy, double averageExit, double depthSaved, Map<Quality, Double> qualities) {
    public Measured {
        Map<Quality, Double> copy = new EnumMap<>(Quality.class);
        copy.putAll(qualities);
        qualities = Collections.unmodifiableMap(copy);
    }

    /** A quality; null where it could not be measured. */
    Double quality(Quality quality) {
        return qualities.get(quality);
    }
}
