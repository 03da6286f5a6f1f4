package sparrow.engine.decode;

/**
 * Which rows of the model's output matrix are computed where a speech token is expected. Text positions, and heads that
 * know some tokens only, are never restricted.
 */
public sealed interface HeadRows {
    /** All: the unmodified model, which may also choose text there. */
    record All() implements HeadRows {
        @Override
        public String toString() {
            return "all";
        }
    }

    /**
     * Those of the tokens that the interleave format allows there: speech tokens, and those that end speech or
     * the reply. The greedy choice among
     * them is that of all rows; a draw is from their probabilities alone.
     */
    record SpeechOnly() implements HeadRows {
        @Override
        public String toString() {
            return "speech";
        }
    }

    /**
     * As {@code deciding}, and all rows are computed beside it to count how often their choice would differ
     * ({@link Reply#heads}).
     *
     * @param deciding all or the speech rows
     */
    record Counted(HeadRows deciding) implements HeadRows {
        public Counted {
            if (deciding instanceof Counted) throw new IllegalArgumentException("head rows: counted twice");
        }

        @Override
        public String toString() {
            return deciding.toString();
        }
    }

    /**
     * Reads {@code all} or {@code speech}.
     *
     * @throws IllegalArgumentException in one line if it is neither
     */
    static HeadRows parse(String text) {
        return switch (text) {
            case "all" -> new All();
            case "speech" -> new SpeechOnly();
            default -> throw new IllegalArgumentException("head rows: expected all or speech, got \"" + text + "\"");
        };
    }
}
