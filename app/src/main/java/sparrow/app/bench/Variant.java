package sparrow.app.bench;

import sparrow.engine.decode.HeadRows;
import sparrow.engine.exit.ExitPolicy;

/**
 * One of the ways to decode that are compared.
 *
 * @param policy of speech positions
 * @param headRows rows of the output matrix that are computed there at full depth
 */
record Variant(ExitPolicy policy, HeadRows headRows) {
    @Override
    public String toString() {
        return headRows instanceof HeadRows.All ? policy.toString() : policy + ", " + headRows + " rows";
    }
}
