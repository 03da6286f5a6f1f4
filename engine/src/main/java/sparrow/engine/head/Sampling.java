package sparrow.engine.head;

import java.util.Locale;

/**
 * The parameters of the choice of a token from logits. They are applied in the order of the transformers library:
 * repetition penalty, temperature, top-k, top-p.
 *
 * @param temperature divisor of the logits; 0 chooses the largest logit, and the lowest id on ties
 * @param topK number of largest logits to keep, plus ties; 1 chooses the largest logit, 0 keeps all
 * @param topP sum that the smallest set of largest probabilities to keep must reach; 1 keeps all
 * @param repetitionPenalty divisor of positive and factor of negative logits of tokens seen before; 1 for no penalty
 * @param seed seed of the random numbers; greedy choices do not depend on it
 * @param codes parameters for the codes of a frame, if speech positions decide frames
 */
public record Sampling(double temperature, int topK, double topP, double repetitionPenalty, long seed, Codes codes) {
    /**
     * The parameters of the choice of a code of a frame. Codes have no top-p and no repetition penalty.
     *
     * @param temperature divisor of the logits; 0 chooses the largest logit
     * @param topK number of largest logits to keep, plus ties; 1 chooses the largest logit, 0 keeps all
     */
    public record Codes(double temperature, int topK) {
        public Codes {
            check("temperature", isTemperature(temperature), "0 or more", temperature);
            check("top-k", topK >= 0, "0 or more", topK);
        }

        /** True if the largest logit is always chosen. */
        public boolean greedy() {
            return temperature == 0 || topK == 1;
        }
    }

    /** An odd number with irregular bits, so that the streams of a seed differ from those of nearby seeds. */
    private static final long STREAM = 0xD1342543DE82EF95L;

    /** Always chooses the largest logit. */
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

    /** True if the largest logit is always chosen. */
    public boolean greedy() {
        return temperature == 0 || topK == 1;
    }

    /** Returns a copy with the seed of another stream of random numbers; stream 0 has the seed itself. */
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
