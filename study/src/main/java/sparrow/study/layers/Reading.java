package sparrow.study.layers;

import java.util.ArrayList;
import java.util.List;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/**
 * The distribution of a layer at a position, p_l, compared with the last layer's distribution, p_L. Each distribution
 * is the softmax over all rows of its head. Padding ids of the vocabulary are never chosen.
 *
 * @param choice most likely unit of the layer, the lowest id in a tie
 * @param rank rank of the last layer's choice among the layer's tokens, from 0, or {@link #UNKNOWN} if the layer's head
 *     does not contain that token
 * @param entropy entropy of p_l in nats, as used by a confidence rule
 * @param divergence KL(p_L || p_l) in nats; if the head does not contain all tokens, p_L is restricted to the head's
 *     tokens
 */
record Reading(Unit choice, int rank, float entropy, float divergence) {
    /** Rank of a token that a head does not contain. */
    static final int UNKNOWN = -1;

    /**
     * Compares a layer with the last layer.
     *
     * @param layer logits of the layer's head
     * @param last logits of the model's own head, one row per token
     * @param usable first padding id
     */
    static Reading of(Logits layer, Logits last, int usable) {
        return new Reading(
                new Unit.Token(layer.best(usable)),
                layer.rank(last.best(usable), usable).orElse(UNKNOWN),
                (float) layer.entropy(),
                (float) layer.divergenceFrom(last));
    }

    /**
     * Compares a layer with the last layer at a position that decided a frame. The frame's codes are teacher-forced.
     * The rank is the maximum over codebooks, the divergence is the sum over codebooks, and the entropy belongs to the
     * first codebook.
     *
     * @param layer scores of each codebook from the layer's head
     * @param last scores of each codebook from the model's own head
     * @return a reading whose choice has one code per codebook
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
