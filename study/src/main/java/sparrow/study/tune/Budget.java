package sparrow.study.tune;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What quality a policy has to keep.
 *
 * @param bounds in the order in which better quality decides between policies that save the same depth
 */
public record Budget(List<Bound> bounds) {
    public Budget {
        bounds = List.copyOf(bounds);
        if (bounds.isEmpty()) throw new IllegalArgumentException("--budget: expected one bound or more, got none");
        Set<Quality> seen = EnumSet.noneOf(Quality.class);
        for (Bound bound : bounds) {
            if (!seen.add(bound.quality())) {
                throw new IllegalArgumentException(
                        "--budget: expected each quality once, got " + bound.quality() + " twice");
            }
        }
    }

    /**
     * Reads bounds with commas between them, such as {@code wer=+2.0,mos=-0.1}.
     *
     * @throws IllegalArgumentException in one line if they are no bounds
     */
    public static Budget parse(String text) {
        return new Budget(Arrays.stream(text.split(",", -1)).map(Bound::parse).toList());
    }

    /** The qualities that have to be measured. */
    public List<Quality> qualities() {
        return bounds.stream().map(Bound::quality).toList();
    }

    /** Whether a policy keeps every bound; a quality that could not be measured keeps none. */
    boolean allows(Measured policy, Measured fullDepth) {
        return bounds.stream().allMatch(bound -> {
            Double value = policy.quality(bound.quality());
            Double full = fullDepth.quality(bound.quality());
            return value != null && full != null && bound.holds(value, full);
        });
    }

    @Override
    public String toString() {
        return bounds.stream().map(Bound::toString).collect(Collectors.joining(","));
    }
}
