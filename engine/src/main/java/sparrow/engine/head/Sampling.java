package sparrow.engine.head;

import java.util.Locale;

/**
 * The choice of a token from logits, in the order of the transformers library: repetition penalty, temperature, top-k,
 * top-p, draw.
 *
 * @param temperature divides the logits; 0 is greedy: the largest logit, the lowest id on ties
 * @param topK keeps this many largest logits, ties included; 1 is greedy, and 0 keeps all
 * @param topP keeps the smallest set of largest probabilities that reaches this sum; 1 keeps all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen before; 1 is none
 * @param seed of the noise in the draws; greedy choices do not depend on it
 * @param codes choice of the codes of a frame, where speech positions decide frames
 */
public record Sampling(double temperature, int topK, double topP, double repetitionPenalty, long seed, Codes codes) {
    /**
     * The choice of a code of a frame. Codes are drawn without top-p, and none is penalised.
     *
     * @param temperature divides the logits; 0 is greedy
     * @param topK keeps this many largest logits, ties included; 1 is greedy, and 0 keeps all
     */
    public record Codes(double temperature, int topK) {
        public Codes {
            check("temperature", isTemperature(temperature), "0 or more", temperature);
            check("top-k", topK >= 0, "0 or more", topK);
        }

        /** True if the largest logit is always taken. */
        public boolean greedy() {
            return temperature == 0 || topK == 1;
        }
    }

    /** Odd and without pattern, so that the streams of one seed are not those of its neighbours. */
    private static final long STREAM = 0xD1342543DE82EF95L;

    /** Always the largest logit. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 1, 0);

    /** Codes of frames are drawn with the same temperature and top-k. */
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

    /** True if the largest logit is always taken. */
    public boolean greedy() {
        return temperature == 0 || topK == 1;
    }

    /** A copy with the seed of another noise stream; stream 0 is this seed itself. */
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
