package sparrow.app.bench;

import sparrow.engine.decode.HeadRows;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;

/**
 * One of the ways to decode that are compared.
 *
 * @param plan of which only speech positions matter
 * @param headRows rows of the output matrix that are computed there at full depth
 */
record Variant(ExitPlan plan, HeadRows headRows) {
    /** Of speech positions. */
    ExitPolicy policy() {
        return plan.speech();
    }

    @Override
    public String toString() {
        return headRows instanceof HeadRows.All ? policy().toString() : policy() + ", " + headRows + " rows";
    }
}
