package sparrow.bench.decode;

import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Step;

/**
 * Bytes of weights that steps at speech positions read: the layers and the head, once a step however many
 * positions it carries. Decoding is bound by them. Keys and values, activations and the token's embedding are not counted.
 *
 * @param plan of the steps
 */
public record WeightTraffic(LanguageModel model, ExitPlan plan) {
    /** A step that a layer's head decides. */
    public long bytes(int exitLayer) {
        long bytes = model.units().speechHeadBytes(exitLayer, plan.speechLogits());
        for (int layer = 1; layer <= exitLayer; layer++)
            bytes += model.transformer().layerBytes(layer);
        return bytes + copiedBytes(exitLayer);
    }

    /** The weights that make keys and values of the layers above an exit, where they are made at once. */
    private long copiedBytes(int exitLayer) {
        if (plan.skippedKv() != SkippedKv.COPY) return 0;
        long bytes = 0;
        for (int layer = exitLayer + 1; layer <= layers(); layer++)
            bytes += model.transformer().keyValueBytes(layer);
        return bytes;
    }

    /** All steps of a run together, and the passes whose drafts were taken back. */
    long bytes(ComputeStats.Share compute, List<Step> steps) {
        long bytes = 0;
        for (var pass : compute.passes().entrySet()) {
            bytes += pass.getValue() * bytes(pass.getKey());
        }
        for (Step step : steps) {
            // Heads that were asked in vain on the way.
            boolean asked = !Double.isNaN(step.entropy());
            if (asked) {
                for (int layer : plan.speech().exitLayers().headSet(step.exitLayer()))
                    bytes += model.units().entropyBytes(layer);
            }
        }
        return bytes;
    }

    /** L. */
    int layers() {
        return model.layers();
    }
}
