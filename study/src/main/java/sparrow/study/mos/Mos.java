package sparrow.study.mos;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Predicted opinion scores of an utterance.
 *
 * @param overall score shown in reports
 * @param parts scores of individual qualities by name, in display order; may be empty
 */
public record Mos(double overall, Map<String, Double> parts) {
    public Mos {
        if (!Double.isFinite(overall)) throw new IllegalArgumentException("MOS: expected a number, got " + overall);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** Creates a score without parts. */
    public Mos(double overall) {
        this(overall, Map.of());
    }
}
