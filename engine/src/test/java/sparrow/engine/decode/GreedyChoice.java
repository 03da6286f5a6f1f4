package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Logits;

/** Holds a step against the hidden states that it should have been decided from. */
final class GreedyChoice {
    /** Hidden states may differ by 2e-4 ({@link CloseKeys}); a head adds up to ten of them, at weights of about 1. */
    private static final float TOLERANCE = 2e-3f;

    private GreedyChoice() {}

    /**
     * The token must be the greedy choice of the head of its exit layer, and a confidence rule must have left where its
     * head's entropy says so.
     *
     * @param hidden residual streams of the position after every layer that it ran, [layers][width]; 0 is the embedding
     */
    static void check(LanguageModel model, ExitPlan plan, Step step, float[][] hidden) {
        Logits logits = logits(model, step.exitLayer(), hidden);
        float best = Float.NEGATIVE_INFINITY;
        float chosen = Float.NEGATIVE_INFINITY;
        for (int row = 0; row < logits.values().length; row++) {
            if (logits.token(row) >= model.tokens().usable()) continue;
            best = Math.max(best, logits.values()[row]);
            if (logits.token(row) == step.token()) chosen = logits.values()[row];
        }
        assertThat(chosen).as("logit of %s, best %s", step, best).isGreaterThan(best - TOLERANCE);
        if (Double.isNaN(step.entropy())) return;
        List<Exit> exits = plan.exits(step.modality(), step.chunkPosition(), model.layers());
        double last = Double.NaN;
        for (Exit exit : exits) {
            boolean left = exit.layer() == step.exitLayer();
            if (!exit.isConditional()) {
                assertThat(left).isTrue();
                break;
            }
            last = logits(model, exit.layer(), hidden).entropy();
            if (left) {
                assertThat(last).as("%s at %s", step, exit).isLessThan(exit.belowNats() + 1e-3);
                break;
            }
            assertThat(last).as("%s at %s", step, exit).isGreaterThan(exit.belowNats() - 1e-3);
        }
        assertThat(step.entropy()).isCloseTo(last, within(1e-3));
    }

    private static Logits logits(LanguageModel model, int layer, float[][] hidden) {
        return model.heads()
                .at(layer)
                .logits(model.transformer(), List.of(hidden[layer].clone()))
                .getFirst();
    }
}
