package sparrow.engine.exit;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Policies whose early units are final: SPAR-K's schedules (section 4.2.1) and the paper's baselines (section 5.2). A
 * new policy also needs a case in {@code PolicyNotation.parse}.
 */
public sealed interface ExitPolicy extends DepthPolicy {
    /** A policy without early exit: every position runs at full depth. */
    record None() implements ExitPolicy {
        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layers));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return Collections.emptySortedSet();
        }

        @Override
        public String toString() {
            return "none";
        }
    }

    /** A policy under which every position exits after {@code layer}. */
    record Fixed(int layer) implements ExitPolicy {
        public Fixed {
            checkLayer(layer);
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return List.of(Exit.always(layer));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return only(layer);
        }

        @Override
        public String toString() {
            return "fixed:" + layer;
        }
    }

    /**
     * The confidence baseline (section 5.2). A position exits after the first exit layer whose head has an entropy
     * below {@code threshold} nats, or after layer L if there is no such layer.
     *
     * @param exitLayers one or more layers
     */
    record Confidence(SortedSet<Integer> exitLayers, double threshold) implements ExitPolicy {
        public Confidence {
            if (exitLayers.isEmpty()) throw new IllegalArgumentException("exit layers: expected 1 or more, got none");
            exitLayers.forEach(ExitPolicy::checkLayer);
            if (!(threshold >= 0) || Double.isInfinite(threshold)) {
                throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + threshold);
            }
            exitLayers = Collections.unmodifiableSortedSet(new TreeSet<>(exitLayers));
        }

        /** Creates a policy with one exit layer as in the paper. */
        public Confidence(int layer, double threshold) {
            this(only(layer), threshold);
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            return Stream.concat(
                            exitLayers.stream().map(layer -> new Exit(layer, threshold)),
                            Stream.of(Exit.always(layers)))
                    .toList();
        }

        @Override
        public String toString() {
            return "conf:" + exitLayers.stream().map(String::valueOf).collect(Collectors.joining(",")) + ":"
                    + threshold;
        }
    }

    /**
     * SPAR-K's policy: a repeating pattern of F (full depth) and E (exit after {@code layer}) that restarts at each
     * chunk.
     */
    record Periodic(String pattern, int layer) implements ExitPolicy {
        public Periodic {
            checkLayer(layer);
            if (!pattern.matches("[FE]{1,64}")) {
                throw new IllegalArgumentException("exit pattern: expected 1 to 64 letters F and E, got " + pattern);
            }
        }

        @Override
        public List<Exit> exits(int chunkPosition, int layers) {
            boolean full = pattern.charAt((chunkPosition - 1) % pattern.length()) == 'F';
            return List.of(Exit.always(full ? layers : layer));
        }

        @Override
        public SortedSet<Integer> exitLayers() {
            return only(layer);
        }

        @Override
        public String toString() {
            String name = switch (pattern) {
                case "FE" -> "even";
                case "EF" -> "odd";
                case "FEE" -> "triple";
                default -> pattern;
            };
            return name + ":" + layer;
        }
    }

    private static SortedSet<Integer> only(int layer) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(List.of(layer)));
    }

    /** Checks that a layer is 1 or more. */
    static void checkLayer(int layer) {
        if (layer < 1) throw new IllegalArgumentException("exit layer: expected 1 or more, got " + layer);
    }
}
