package sparrow.engine.head;

import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Logits;

/**
 * The output of a head that predicts tokens of the vocabulary.
 *
 * @param logits output of the head
 * @param usable first padding id; this and larger ids are never chosen
 * @param sampler sampler of the sequence
 * @param position index of the position in the sequence
 */
public record TokenPrediction(Logits logits, int usable, Sampler sampler, int position) implements Prediction {
    @Override
    public Unit choose() {
        return new Unit.Token(sampler.choose(logits, position));
    }

    @Override
    public double entropy() {
        return logits.entropy();
    }

    @Override
    public double probability(Unit unit) {
        return unit instanceof Unit.Token(int id) ? logits.probability(id) : 0;
    }

    @Override
    public double natsBelowBest(Unit unit) {
        return unit instanceof Unit.Token(int id) ? logits.natsBelowBest(id, usable) : Double.POSITIVE_INFINITY;
    }

    @Override
    public void requireNumbers(int layer) {
        logits.requireNumbers(layer);
    }
}
