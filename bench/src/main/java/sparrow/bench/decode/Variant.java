package sparrow.bench.decode;

import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Verification;
import sparrow.engine.unit.SpeechLogits;

/**
 * One of the ways to decode that are compared.
 *
 * @param plan of which only speech positions matter
 * @param speechLogits which logits are computed there at full depth
 */
record Variant(ExitPlan plan, SpeechLogits speechLogits) {
    /** Of speech positions. */
    DepthPolicy policy() {
        return plan.speech();
    }

    @Override
    public String toString() {
        return name(policy().toString(), plan.verification().toString(), speechLogits.toString());
    }

    /** Its settings that are out of the ordinary, each in the notation of the command line. */
    static String name(String policy, String verification, String speechLogits) {
        String treated = verification.equals(Verification.NONE.toString()) ? policy : policy + ", " + verification;
        return speechLogits.equals(SpeechLogits.ALL.toString()) ? treated : treated + ", " + speechLogits + " logits";
    }
}
