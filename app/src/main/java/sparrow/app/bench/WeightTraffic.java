package sparrow.app.bench;

import java.util.List;
import sparrow.engine.decode.HeadRows;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Step;
import sparrow.engine.exit.MissingKeys;
import sparrow.engine.exit.PartialHead;

/**
 * Bytes of weights that steps at speech positions read: the layers and the head, once a step however many rows it
 * carries. Decoding is bound by them. Keys and values, activations and the embedded row are not counted.
 *
 * @param missingKeys what a step that leaves early does for the layers above
 */
record WeightTraffic(LanguageModel model, MissingKeys missingKeys) {
    /** A step that a layer's head decides. */
    long bytes(int exitLayer, HeadRows headRows) {
        long bytes = exitLayer == layers() ? outputBytes(headRows) : headBytes(exitLayer);
        for (int layer = 1; layer <= exitLayer; layer++)
            bytes += model.transformer().layerBytes(layer);
        return bytes + copiedBytes(exitLayer);
    }

    /** What makes keys and values of the layers above an exit, where they are made at once. */
    private long copiedBytes(int exitLayer) {
        if (missingKeys != MissingKeys.COPY) return 0;
        long bytes = 0;
        for (int layer = exitLayer + 1; layer <= layers(); layer++)
            bytes += model.transformer().keyValueBytes(layer);
        return bytes;
    }

    /** All steps of a run together. */
    long bytes(List<Step> steps, Variant variant) {
        long bytes = 0;
        for (Step step : steps) {
            bytes += bytes(step.exitLayer(), variant.headRows());
            boolean unsure = !Double.isNaN(step.entropy()) && step.exitLayer() == layers();
            // The exit head was asked as well, in vain.
            if (unsure) bytes += headBytes(variant.policy().exitLayer().orElseThrow());
        }
        return bytes;
    }

    private long headBytes(int layer) {
        return model.heads().at(layer).bytes();
    }

    /** What is read of the output matrix. */
    private long outputBytes(HeadRows headRows) {
        return switch (headRows) {
            case HeadRows.All() -> headBytes(layers());
            case HeadRows.SpeechOnly() ->
                PartialHead.of(model.heads().full(), model.tokens().allowedInSpeech())
                        .bytes();
            case HeadRows.Counted(HeadRows deciding) -> headBytes(layers()) + outputBytes(deciding);
        };
    }

    /** L. */
    int layers() {
        return model.transformer().config().layers();
    }
}
