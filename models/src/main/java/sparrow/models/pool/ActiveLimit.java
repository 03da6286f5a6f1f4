package sparrow.models.pool;

import sparrow.engine.interleave.InterleaveFormat;
import sparrow.models.SpokenModel;

/**
 * The number of replies that are decoded at once: the given one, or as many as the machine decodes as fast as they are spoken.
 */
final class ActiveLimit {
    /** Before the first pass was seen. */
    private static final int UNKNOWN = 4;

    /** Bound of a batch. */
    private static final int MOST = 64;

    private final int given;
    private final CostModel cost;
    private final double tokensPerSecond;

    /** @param given 0 to find it */
    ActiveLimit(SpokenModel model, int given, CostModel cost) {
        this.given = given;
        this.cost = cost;
        InterleaveFormat format = model.languageModel().interleave();
        this.tokensPerSecond =
                model.speechUnitsPerSecond() * (format.textTokens() + format.speechTokens()) / format.speechTokens();
    }

    /** Replies at this moment, 1 or more. */
    int now() {
        if (given > 0) return given;
        return cost.isUnknown() ? UNKNOWN : cost.rowsWithin(1e9 / tokensPerSecond, MOST);
    }
}
