package sparrow.study.layers;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/**
 * The distribution of one layer at one position, p_l, beside that of the last layer, p_L. Both are the softmax of
 * all rows of their heads. Padding ids of the vocabulary are never chosen.
 *
 * @param choice likeliest unit of the layer, the lowest id on ties
 * @param rank place of the last layer's choice among the layer's tokens, from 0; {@link #UNKNOWN} if its head does not
 *     know that token
 * @param entropy of p_l in nats, by which a confidence rule would decide
 * @param divergence KL(p_L || p_l) in nats; where the head knows some tokens only, p_L is that of these tokens
 */
record Reading(Unit choice, int rank, float entropy, float divergence) {
    /** The rank of a token that a head does not know. */
    static final int UNKNOWN = -1;

    /**
     * Compares a layer with the last one.
     *
     * @param layer of the layer's head
     * @param last of the model's own head, one row per token
     * @param usable ids from this one on are padding
     */
    static Reading of(Logits layer, Logits last, int usable) {
        return new Reading(
                new Unit.Token(layer.best(usable)),
                layer.rank(last.best(usable), usable).orElse(UNKNOWN),
                (float) layer.entropy(),
                (float) layer.divergenceFrom(last));
    }

    /**
     * Compares a layer with the last one at a position that decided a frame. Its codes are given (teacher forcing): the rank is that of
     * the worst codebook, and the divergence the sum over all, while the entropy is that of the first.
     *
     * @param layer scores of each codebook, by the layer's head
     * @param last the same by the model's own head
     * @return its choice has as many codes as there are scores
     */
    static Reading ofFrame(List<Logits> layer, List<Logits> last) {
        List<Integer> choices = new ArrayList<>();
        int worst = 0;
        double divergence = 0;
        for (int codebook = 0; codebook < last.size(); codebook++) {
            Logits own = layer.get(codebook);
            Logits target = last.get(codebook);
            int codes = target.values().length;
            choices.add(own.best(codes));
            worst = Math.max(worst, own.rank(target.best(codes), codes).orElseThrow());
            divergence += own.divergenceFrom(target);
        }
        return new Reading(
                new Unit.Frame(choices), worst, (float) layer.getFirst().entropy(), (float) divergence);
    }
}
