package sparrow.train;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The trained part of a head; the rest is the model's output matrix W, and f its final norm or the identity. */
public sealed interface HeadShape {
    /**
     * Reads {@code full}, {@code rank:R} or {@code translator}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    @JsonCreator
    static HeadShape parse(String notation) {
        return switch (notation) {
            case "full" -> new Full();
            case "translator" -> new Translator();
            default -> {
                if (!notation.matches("rank:[0-9]{1,9}")) {
                    throw new IllegalArgumentException(
                            "shape: expected full, rank:R or translator, got \"" + notation + "\"");
                }
                yield new LowRank(Integer.parseInt(notation.substring(5)));
            }
        };
    }

    /** The notation that {@link #parse} reads. */
    @JsonValue
    @Override
    String toString();

    /** A matrix of its own, which begins as W: logits = V f(h). */
    record Full() implements HeadShape {
        @Override
        public String toString() {
            return "full";
        }
    }

    /**
     * A correction of low rank: logits = (W + A B) f(h). Written as one matrix.
     *
     * @param rank columns of A and rows of B
     */
    record LowRank(int rank) implements HeadShape {
        public LowRank {
            if (rank < 1) throw new IllegalArgumentException("rank: expected 1 or more, got " + rank);
        }

        @Override
        public String toString() {
            return "rank:" + rank;
        }
    }

    /**
     * A tuned lens (Belrose et al., arXiv 2303.08112): logits = W f(h + D h + b). It has width x width numbers for any
     * vocabulary, and shares W with the model.
     */
    record Translator() implements HeadShape {
        @Override
        public String toString() {
            return "translator";
        }
    }
}
