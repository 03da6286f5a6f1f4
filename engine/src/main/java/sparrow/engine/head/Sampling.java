package sparrow.engine.head;

import java.util.Locale;

/**
 * Parameters for choosing a token from logits. The parameters are applied in the same order as in the transformers
 * library: repetition penalty, temperature, top-k, top-p.
 *
 * @param temperature divisor of the logits; 0 chooses the largest logit, and the lowest id on ties
 * @param topK number of largest logits to retain, plus ties; 1 chooses the largest logit, 0 retains all
 * @param topP minimum sum of the largest probabilities, of which as few as possible are retained; 1 retains all
 * @param repetitionPenalty divisor of positive logits and factor of negative logits of previous tokens; 1 for no
 *     penalty
 * @param seed random number seed; greedy choices do not depend on it
 * @param codes parameters for the codes of a frame, if speech positions decide frames
 */
public record Sampling(double temperature, int topK, double topP, double repetitionPenalty, long seed, Codes codes) {
    /**
     * Parameters for choosing a frame's code. Codes have no top-p.
     *
     * @param temperature divisor of the logits; 0 chooses the largest logit
     * @param topK number of largest logits to retain, plus ties; 1 chooses the largest logit, 0 retains all
     * @param repetitionPenalty divisor of positive logits and factor of negative logits of codes that the same codebook
     *     had in recent frames of the reply; 1 for no penalty
     * @param recentFrames number of recent frames
     */
    public record Codes(double temperature, int topK, double repetitionPenalty, int recentFrames) {
        public Codes {
            check("temperature", isTemperature(temperature), "0 or more", temperature);
            check("top-k", topK >= 0, "0 or more", topK);
            check(
                    "repetition penalty of codes",
                    repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
                    "above 0",
                    repetitionPenalty);
            check("recent frames", recentFrames >= 0, "0 or more", recentFrames);
        }

        /** Creates parameters without a repetition penalty. */
        public Codes(double temperature, int topK) {
            this(temperature, topK, 1, 0);
        }

        /** Returns a copy with a different temperature and top-k. */
        public Codes with(double otherTemperature, int otherTopK) {
            return new Codes(otherTemperature, otherTopK, repetitionPenalty, recentFrames);
        }

        /** Returns whether the largest logit is always chosen. */
        public boolean greedy() {
            return temperature == 0 || topK == 1;
        }
    }

    /** An odd number with irregular bits, so that a seed's streams differ from the streams of nearby seeds. */
    private static final long STREAM = 0xD1342543DE82EF95L;

    /** Parameters that always choose the largest logit. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 1, 0);

    /** Creates parameters whose temperature and top-k also apply to codes of frames. */
    public Sampling(double temperature, int topK, double topP, double repetitionPenalty, long seed) {
        this(temperature, topK, topP, repetitionPenalty, seed, new Codes(temperature, topK));
    }

    public Sampling {
        check("temperature", isTemperature(temperature), "0 or more", temperature);
        check("top-k", topK >= 0, "0 or more", topK);
        check("top-p", topP > 0 && topP <= 1, "above 0 and up to 1", topP);
        check(
                "repetition penalty",
                repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
                "above 0",
                repetitionPenalty);
    }

    /** Returns whether the largest logit is always chosen. */
    public boolean greedy() {
        return temperature == 0 || topK == 1;
    }

    /** Returns a copy with the seed of another random number stream. Stream 0 has the seed of these parameters. */
    public Sampling stream(long number) {
        return new Sampling(temperature, topK, topP, repetitionPenalty, seed + number * STREAM, codes);
    }

    private static boolean isTemperature(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }

    private static void check(String what, boolean ok, String expected, double found) {
        if (!ok) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s: expected %s, got %s", what, expected, found));
        }
    }
}
