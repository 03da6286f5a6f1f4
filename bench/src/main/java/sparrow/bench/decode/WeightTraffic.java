package sparrow.bench.decode;

import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.Step;

/**
 * Counts the weight bytes that steps read at speech positions. This traffic limits the speed of decoding. A step reads
 * each of its layers and its head once for all positions. Keys and values, activations and token embeddings are not
 * counted.
 *
 * @param plan exit plan of the steps
 */
public record WeightTraffic(LanguageModel model, ExitPlan plan) {
    /** Returns the number of bytes read by a step that is decided at a layer. */
    public long bytes(int exitLayer) {
        long bytes = model.units().speechHeadBytes(exitLayer, plan.speechLogits());
        for (int layer = 1; layer <= exitLayer; layer++)
            bytes += model.transformer().layerBytes(layer);
        return bytes + copiedBytes(exitLayer);
    }

    /**
     * Returns the size in bytes of the weights that immediately compute keys and values above an exit layer, or 0 if
     * there are none.
     */
    private long copiedBytes(int exitLayer) {
        if (plan.skippedKv() != SkippedKv.COPY) return 0;
        long bytes = 0;
        for (int layer = exitLayer + 1; layer <= layers(); layer++)
            bytes += model.transformer().keyValueBytes(layer);
        return bytes;
    }

    /** Returns the number of bytes read by all steps of a run, including passes whose drafts were rejected. */
    long bytes(ComputeStats.Share compute, List<Step> steps) {
        long bytes = 0;
        for (var pass : compute.passes().entrySet()) {
            bytes += pass.getValue() * bytes(pass.getKey());
        }
        for (Step step : steps) {
            // Heads that were computed but did not lead to an exit are added.
            boolean hasEntropy = !Double.isNaN(step.entropy());
            if (hasEntropy) {
                for (int layer : plan.speech().exitLayers().headSet(step.exitLayer()))
                    bytes += model.units().entropyBytes(layer);
            }
        }
        return bytes;
    }

    int layers() {
        return model.layers();
    }
}
