package sparrow.engine.decode;

import sparrow.engine.exit.ExitHeads;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Transformer;

/**
 * An interleaved spoken language model, as far as decoding needs it.
 *
 * <p>Safe for several threads: decoders that share it take turns with their passes.
 *
 * @param transformer the layers
 * @param heads what predicts tokens, by layer
 * @param tokens what ids mean
 * @param interleave how text and speech alternate
 */
public record LanguageModel(Transformer transformer, ExitHeads heads, TokenSpace tokens, InterleaveFormat interleave) {
    public LanguageModel {
        if (tokens.usable() > transformer.config().vocabulary()) {
            throw new IllegalArgumentException("vocabulary: " + tokens.usable() + " usable ids, but the model has "
                    + transformer.config().vocabulary());
        }
    }

    /** Layers, L. */
    public int layers() {
        return transformer.config().layers();
    }

    /** Channels of a hidden state. */
    public int width() {
        return transformer.config().width();
    }
}
