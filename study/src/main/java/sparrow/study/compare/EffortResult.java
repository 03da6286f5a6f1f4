package sparrow.study.compare;

import sparrow.engine.decode.DepthSummary;
import sparrow.engine.decode.Drift;
import sparrow.engine.decode.Effort;

/**
 * What the tokens of some replies cost, those that were drafted and taken back included, and how the early ones compare with full
 * depth. Null where there was nothing to count.
 *
 * @param readings layers read for a token
 * @param textReadings likewise, for a text token
 * @param speechReadings likewise, for a speech token
 * @param rowLayers layers that positions went through for a token
 * @param drafted tokens that were drafted
 * @param confirmed share of them that stayed, 0 to 1
 * @param checked early tokens that the last layer was asked about
 * @param right share of them that it would have chosen too, 0 to 1
 */
public record EffortResult(
        Double readings,
        Double textReadings,
        Double speechReadings,
        Double rowLayers,
        int drafted,
        Double confirmed,
        long checked,
        Double right) {
    static EffortResult of(DepthSummary depth, Drift drift) {
        Effort.Share all = depth.effort().total();
        return new EffortResult(
                SetResult.finite(depth.readings()),
                SetResult.finite(depth.textReadings()),
                SetResult.finite(depth.speechReadings()),
                SetResult.finite(depth.rowLayers()),
                all.drafted(),
                SetResult.finite(depth.confirmed()),
                drift.checked(),
                SetResult.finite(drift.agreement()));
    }
}
