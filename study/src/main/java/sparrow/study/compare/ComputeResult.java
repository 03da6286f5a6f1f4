package sparrow.study.compare;

import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;

/**
 * The cost of the tokens of some replies, those that were drafted and taken back included, and the agreement of the early ones
 * with full depth. Null where there was nothing to count.
 *
 * @param layersRead layers read for a token
 * @param textLayersRead likewise, for a text token
 * @param speechLayersRead likewise, for a speech token
 * @param positionLayers layers that positions went through for a token
 * @param drafted tokens that were drafted
 * @param confirmed share of them that stayed, 0 to 1
 * @param checked early tokens that the last layer was asked about
 * @param right share of them that it would have chosen too, 0 to 1
 */
public record ComputeResult(
        Double layersRead,
        Double textLayersRead,
        Double speechLayersRead,
        Double positionLayers,
        int drafted,
        Double confirmed,
        long checked,
        Double right) {
    static ComputeResult of(DepthSummary depth, EarlyTokenAgreement agreement) {
        ComputeStats.Share all = depth.compute().total();
        return new ComputeResult(
                SetResult.finite(depth.layersRead()),
                SetResult.finite(depth.textLayersRead()),
                SetResult.finite(depth.speechLayersRead()),
                SetResult.finite(depth.positionLayers()),
                all.drafted(),
                SetResult.finite(depth.confirmed()),
                agreement.checked(),
                SetResult.finite(agreement.agreement()));
    }
}
