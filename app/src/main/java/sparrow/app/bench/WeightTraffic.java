package sparrow.app.bench;

import java.util.List;
import java.util.OptionalInt;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Step;
import sparrow.engine.exit.ExitPolicy;

/**
 * Bytes of weights that steps read: the layers and the head, once a step however many rows it carries. Decoding is bound
 * by them. Keys and values, activations and the embedded row are not counted.
 */
record WeightTraffic(LanguageModel model) {
    /** A step that a layer's head decides. */
    long bytes(int exitLayer) {
        long bytes = model.heads().at(exitLayer).weight().bytes();
        for (int layer = 1; layer <= exitLayer; layer++)
            bytes += model.transformer().layerBytes(layer);
        return bytes;
    }

    /** All steps of a run together. */
    long bytes(List<Step> steps, ExitPolicy policy) {
        int layers = model.transformer().config().layers();
        OptionalInt exit = policy.exitLayer();
        long bytes = 0;
        for (Step step : steps) {
            bytes += bytes(step.exitLayer());
            boolean unsure = !Double.isNaN(step.entropy()) && step.exitLayer() == layers;
            // The exit head was asked as well, in vain.
            if (unsure) bytes += model.heads().at(exit.orElseThrow()).weight().bytes();
        }
        return bytes;
    }
}
