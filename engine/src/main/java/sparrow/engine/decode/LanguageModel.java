package sparrow.engine.decode;

import java.util.function.IntUnaryOperator;
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
 * @param characters of text that an id stands for, as far as the time to speak them goes: so that a {@link Guard} knows
 *     how much speech a text can need
 * @param rows what rows cost with it, for plans that decide by that
 */
public record LanguageModel(
        Transformer transformer,
        ExitHeads heads,
        TokenSpace tokens,
        InterleaveFormat interleave,
        IntUnaryOperator characters,
        RowTable rows) {
    /** With a table of rows that is still to be measured. */
    public LanguageModel(
            Transformer transformer,
            ExitHeads heads,
            TokenSpace tokens,
            InterleaveFormat interleave,
            IntUnaryOperator characters) {
        this(transformer, heads, tokens, interleave, characters, new RowTable());
    }

    /** A model whose text nobody reads: a text token counts as one character. */
    public LanguageModel(Transformer transformer, ExitHeads heads, TokenSpace tokens, InterleaveFormat interleave) {
        this(transformer, heads, tokens, interleave, token -> 1);
    }

    public LanguageModel {
        if (tokens.usable() > transformer.config().vocabulary()) {
            throw new IllegalArgumentException("vocabulary: " + tokens.usable() + " usable ids, but the model has "
                    + transformer.config().vocabulary());
        }
    }

    /** The same model, whose ids mean something else. */
    public LanguageModel with(TokenSpace other) {
        return new LanguageModel(transformer, heads, other, interleave, characters, rows);
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
