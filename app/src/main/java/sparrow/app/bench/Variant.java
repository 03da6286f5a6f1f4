package sparrow.app.bench;

import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;

/**
 * One of the ways to decode that are compared.
 *
 * @param plan of which only speech positions matter
 * @param speechLogits which logits are computed there at full depth
 */
record Variant(ExitPlan plan, SpeechLogits speechLogits) {
    /** Of speech positions. */
    ExitPolicy policy() {
        return plan.speech();
    }

    @Override
    public String toString() {
        return speechLogits == SpeechLogits.ALL ? policy().toString() : policy() + ", " + speechLogits + " logits";
    }
}
