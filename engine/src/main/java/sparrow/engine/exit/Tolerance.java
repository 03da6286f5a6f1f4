package sparrow.engine.exit;

/** Which drafts are near enough to stay although full depth would have chosen another token. A value that prints as it is read. */
public sealed interface Tolerance {
    /** Among the {@code tokens} likeliest ones of the final head. */
    record Top(int tokens) implements Tolerance {
        public Top {
            if (tokens < 1)
                throw new IllegalArgumentException("tolerance top: expected 1 token or more, got " + tokens);
        }

        @Override
        public String toString() {
            return "top:" + tokens;
        }
    }

    /** At least {@code share} times as likely as the likeliest one of the final head. */
    record Ratio(double share) implements Tolerance {
        public Ratio {
            checkShare("ratio", share);
        }

        @Override
        public String toString() {
            return "ratio:" + share;
        }
    }

    /**
     * A speech code whose vector in the codebook has a cosine of at least {@code cosine} with that of the final head's choice,
     * both less the mean of all codes.
     */
    record Near(double cosine) implements Tolerance {
        public Near {
            checkShare("near", cosine);
        }

        @Override
        public String toString() {
            return "near:" + cosine;
        }
    }

    /**
     * Reads {@code top:K}, {@code ratio:R} or {@code near:C}.
     *
     * @throws IllegalArgumentException in one line if it is none of them
     */
    static Tolerance parse(String text) {
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1);
        try {
            return switch (text.substring(0, Math.max(0, colon))) {
                case "top" -> new Top(Integer.parseInt(value));
                case "ratio" -> new Ratio(Double.parseDouble(value));
                case "near" -> new Near(Double.parseDouble(value));
                default -> throw notATolerance(text);
            };
        } catch (NumberFormatException e) {
            throw notATolerance(text);
        }
    }

    private static void checkShare(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("tolerance " + name + ": expected above 0 and up to 1, got " + value);
        }
    }

    private static IllegalArgumentException notATolerance(String text) {
        return new IllegalArgumentException("tolerance: expected top:K, ratio:R or near:C, got \"" + text + "\"");
    }
}
