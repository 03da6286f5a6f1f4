package sparrow.engine.exit;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rule that decides how deep the positions of one modality run (SPAR-K, section 4, and the policies it is compared
 * with). A value: it prints as the notation that {@link #parse} reads.
 */
public sealed interface ExitPolicy {
    /** Always full depth. */
    record None() implements ExitPolicy {
        @Override
        public String toString() {
            return "none";
        }
    }

    /** Every position leaves after {@code layer}. */
    record Fixed(int layer) implements ExitPolicy {
        public Fixed {
            checkLayer(layer);
        }

        @Override
        public String toString() {
            return "fixed:" + layer;
        }
    }

    /** Leaves after {@code layer} where the exit head's entropy is below {@code threshold} nats. */
    record Confidence(int layer, double threshold) implements ExitPolicy {
        public Confidence {
            checkLayer(layer);
            if (!(threshold >= 0) || Double.isInfinite(threshold)) {
                throw new IllegalArgumentException("entropy threshold: expected 0 or more nats, got " + threshold);
            }
        }

        @Override
        public String toString() {
            return "conf:" + layer + ":" + threshold;
        }
    }

    /**
     * SPAR-K: a repeating pattern over F (full depth) and E (exit after {@code layer}), restarted at every chunk. The
     * last repetition in a chunk may be cut short.
     */
    record Periodic(String pattern, int layer) implements ExitPolicy {
        public Periodic {
            checkLayer(layer);
            if (!pattern.matches("[FE]{1,64}")) {
                throw new IllegalArgumentException("exit pattern: expected 1 to 64 of F and E, got " + pattern);
            }
        }

        /** Whether a position of the chunk (from 1) runs to full depth. */
        boolean isFull(int chunkPosition) {
            return pattern.charAt((chunkPosition - 1) % pattern.length()) == 'F';
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

    /**
     * The depth of a position.
     *
     * @param chunkPosition place in its run of tokens of one modality, from 1
     */
    default Depth depth(int chunkPosition) {
        return switch (this) {
            case None() -> new Depth.Full();
            case Fixed(int layer) -> new Depth.Early(layer);
            case Confidence(int layer, double threshold) -> new Depth.IfConfident(layer, threshold);
            case Periodic periodic ->
                periodic.isFull(chunkPosition) ? new Depth.Full() : new Depth.Early(periodic.layer());
        };
    }

    /** The layer that positions may leave after; empty for {@link None}. */
    default OptionalInt exitLayer() {
        return switch (this) {
            case None() -> OptionalInt.empty();
            case Fixed(int layer) -> OptionalInt.of(layer);
            case Confidence(int layer, double threshold) -> OptionalInt.of(layer);
            case Periodic(String pattern, int layer) -> OptionalInt.of(layer);
        };
    }

    /**
     * Average depth over whole chunks in closed form, for the policies that do not look at the data.
     *
     * @param layers L
     * @param chunkLength positions per chunk
     * @throws IllegalArgumentException for a confidence rule, whose depth only a run can tell
     */
    default double averageDepth(int layers, int chunkLength) {
        if (chunkLength < 1) {
            throw new IllegalArgumentException("chunk length: expected 1 or more, got " + chunkLength);
        }
        return switch (this) {
            case None() -> layers;
            case Fixed(int layer) -> layer;
            case Confidence confidence ->
                throw new IllegalArgumentException("the average depth of " + confidence + " depends on the data");
            case Periodic(String pattern, int layer) -> {
                long fullPerPeriod = pattern.chars().filter(c -> c == 'F').count();
                String rest = pattern.substring(0, chunkLength % pattern.length());
                long full = chunkLength / pattern.length() * fullPerPeriod
                        + rest.chars().filter(c -> c == 'F').count();
                yield (full * (double) layers + (chunkLength - full) * (double) layer) / chunkLength;
            }
        };
    }

    /**
     * Reads {@code none}, {@code fixed:38}, {@code conf:36:0.5}, {@code even:36}, {@code odd:36}, {@code triple:37}, or
     * any pattern such as {@code FEEF:22}.
     *
     * @throws IllegalArgumentException in one line if it is none of them
     */
    static ExitPolicy parse(String text) {
        if (text.equals("none")) return new None();
        Matcher parts =
                Pattern.compile("([A-Za-z]+):(\\d{1,4})(?::([0-9.eE+-]+))?").matcher(text);
        if (!parts.matches()) throw notAPolicy(text);
        int layer = Integer.parseInt(parts.group(2));
        boolean confidence = parts.group(1).equals("conf");
        if (confidence != (parts.group(3) != null)) throw notAPolicy(text);
        return switch (parts.group(1)) {
            case "fixed" -> new Fixed(layer);
            case "even" -> new Periodic("FE", layer);
            case "odd" -> new Periodic("EF", layer);
            case "triple" -> new Periodic("FEE", layer);
            case "conf" -> new Confidence(layer, threshold(text, parts.group(3)));
            case String pattern when pattern.matches("[FE]+") -> new Periodic(pattern, layer);
            default -> throw notAPolicy(text);
        };
    }

    private static double threshold(String text, String number) {
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw notAPolicy(text);
        }
    }

    private static IllegalArgumentException notAPolicy(String text) {
        return new IllegalArgumentException(String.format(
                Locale.ROOT,
                "exit policy: expected none, fixed:LAYER, conf:LAYER:NATS, even:LAYER, odd:LAYER, triple:LAYER or a"
                        + " pattern such as FEEF:LAYER, got \"%s\"",
                text));
    }

    private static void checkLayer(int layer) {
        if (layer < 1) throw new IllegalArgumentException("exit layer: expected 1 or more, got " + layer);
    }
}
