package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;
import sparrow.engine.transformer.Logits;

/** Holds a step against the hidden states that it should have been decided from. */
final class GreedyChoice {
    /** Hidden states may differ by 2e-4 ({@link CloseKeys}); a head adds up to ten of them, at weights of about 1. */
    private static final float TOLERANCE = 2e-3f;

    private GreedyChoice() {}

    /**
     * The token must be the greedy choice of the head of its exit layer, a text token must have its probability, and a confidence rule must have left where its
     * head's entropy says so.
     *
     * @param hidden residual streams of the position after every layer that it ran, [layers][width]; 0 is the embedding
     */
    static void check(LanguageModel model, ExitPlan plan, Step step, float[][] hidden) {
        switch (step.unit()) {
            case Unit.Token(int id) -> checkToken(model, step, id, hidden);
            case Unit.Frame(List<Integer> codes) -> checkCodes(model, step, codes, hidden);
        }
        if (Double.isNaN(step.entropy())) return;
        List<Exit> exits = ((ExitPolicy) plan.policy(step.modality())).exits(step.chunkPosition(), model.layers());
        double last = Double.NaN;
        for (Exit exit : exits) {
            boolean left = exit.layer() == step.exitLayer();
            if (!exit.isConditional()) {
                assertThat(left).isTrue();
                break;
            }
            last = entropy(model, step, exit.layer(), hidden);
            if (left) {
                assertThat(last).as("%s at %s", step, exit).isLessThan(exit.maxEntropy() + 1e-3);
                break;
            }
            assertThat(last).as("%s at %s", step, exit).isGreaterThan(exit.maxEntropy() - 1e-3);
        }
        assertThat(step.entropy()).isCloseTo(last, within(1e-3));
    }

    private static void checkToken(LanguageModel model, Step step, int id, float[][] hidden) {
        Logits logits = logits(model, step.exitLayer(), hidden);
        checkProbability(step, model.tokens().isText(id), logits);
        float best = Float.NEGATIVE_INFINITY;
        float chosen = Float.NEGATIVE_INFINITY;
        for (int row = 0; row < logits.values().length; row++) {
            if (logits.token(row) >= model.tokens().usable()) continue;
            best = Math.max(best, logits.values()[row]);
            if (logits.token(row) == id) chosen = logits.values()[row];
        }
        assertThat(chosen).as("logit of %s, best %s", step, best).isGreaterThan(best - TOLERANCE);
    }

    /** A text token has the probability of a softmax over all rows; other tokens have none. */
    private static void checkProbability(Step step, boolean text, Logits logits) {
        if (!text) {
            assertThat(step.probability()).as("%s", step).isNaN();
            return;
        }
        double sum = 0;
        double chosen = 0;
        for (int row = 0; row < logits.values().length; row++) {
            double weight = Math.exp(logits.values()[row]);
            sum += weight;
            if (logits.token(row) == step.token()) chosen = weight;
        }
        // The token's logit and the logarithm of the sum may both differ.
        assertThat(Math.log(step.probability()))
                .as("%s", step)
                .isCloseTo(Math.log(chosen / sum), within(2.0 * TOLERANCE));
    }

    /** Each code is the greedy choice behind those before it. */
    private static void checkCodes(LanguageModel model, Step step, List<Integer> codes, float[][] hidden) {
        assertThat(step.modality()).isEqualTo(Modality.SPEECH);
        assertThat(step.probability()).isNaN();
        FrameUnits units = (FrameUnits) model.units();
        float[][] scores = units.scores(step.exitLayer(), hidden[step.exitLayer()], codes);
        assertThat(codes).hasSize(scores.length);
        for (int i = 0; i < scores.length; i++) {
            float best = Float.NEGATIVE_INFINITY;
            for (float score : scores[i]) best = Math.max(best, score);
            assertThat(scores[i][codes.get(i)])
                    .as("code %d of %s, best %s", i, step, best)
                    .isGreaterThan(best - TOLERANCE);
        }
    }

    private static double entropy(LanguageModel model, Step step, int layer, float[][] hidden) {
        if (!(step.unit() instanceof Unit.Frame(List<Integer> codes)))
            return logits(model, layer, hidden).entropy();
        FrameUnits units = (FrameUnits) model.units();
        return Logits.of(units.scores(layer, hidden[layer], codes)[0], null).entropy();
    }

    private static Logits logits(LanguageModel model, int layer, float[][] hidden) {
        return model.heads()
                .at(layer)
                .logits(model.transformer(), List.of(hidden[layer].clone()))
                .getFirst();
    }
}
