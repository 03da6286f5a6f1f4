package sparrow.study.read;

import sparrow.engine.exit.Logits;

/**
 * The distribution of one layer at one position, p_l, beside that of the last layer, p_L. Both are the softmax of
 * all rows of their heads. Padding ids of the vocabulary are never chosen.
 *
 * @param choice likeliest token of the layer, the lowest id on ties
 * @param rank place of the last layer's choice among the layer's tokens, from 0; {@link #UNKNOWN} if its head does not
 *     know that token
 * @param entropy of p_l in nats, by which a confidence rule would decide
 * @param divergence KL(p_L || p_l) in nats; where the head knows some tokens only, p_L is that of these tokens
 */
public record Reading(int choice, int rank, float entropy, float divergence) {
    /** The rank of a token that a head does not know. */
    public static final int UNKNOWN = -1;

    /**
     * Compares a layer with the last one.
     *
     * @param layer of the layer's head
     * @param last of the model's own head, one row per token
     * @param usable ids from this one on are padding
     */
    public static Reading of(Logits layer, Logits last, int usable) {
        return new Reading(
                layer.best(usable),
                layer.rank(last.best(usable), usable).orElse(UNKNOWN),
                (float) layer.entropy(),
                (float) layer.divergenceFrom(last));
    }
}
