package sparrow.engine.exit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.kernel.Block;

/**
 * Scores of the tokens that a head knows.
 *
 * @param values one score per row of the head; they may lie in scratch memory that the head's next use overwrites
 * @param tokens token id of each row, or null where row n is token n
 */
public record Logits(float[] values, int[] tokens) {
    public Logits {
        if (tokens != null && tokens.length != values.length) {
            throw new IllegalArgumentException(
                    "logits: " + values.length + " values for " + tokens.length + " token ids");
        }
    }

    /** Scores of some positions, [positions, rows], one by one; those of a single position are not copied. */
    static List<Logits> ofRows(Block scores, int[] tokens) {
        if (scores.rows() == 1) return List.of(new Logits(scores.data(), tokens));
        return IntStream.range(0, scores.rows())
                .map(r -> r * scores.columns())
                .mapToObj(at -> new Logits(Arrays.copyOfRange(scores.data(), at, at + scores.columns()), tokens))
                .toList();
    }

    /** Token id of a row. */
    public int token(int row) {
        return tokens == null ? row : tokens[row];
    }

    /** Shannon entropy of the softmax, in nats. */
    public double entropy() {
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : values) largest = Math.max(largest, value);
        double sum = 0;
        double weighted = 0;
        for (float value : values) {
            double shifted = value - largest;
            double e = Math.exp(shifted);
            sum += e;
            // The limit of p ln p at 0 is 0: masked tokens add nothing.
            if (e > 0) weighted += e * shifted;
        }
        return Math.log(sum) - weighted / sum;
    }
}
