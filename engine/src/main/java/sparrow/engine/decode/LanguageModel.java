package sparrow.engine.decode;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.TokenUnits;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.ShortConvolution;
import sparrow.engine.transformer.Transformer;

/**
 * An interleaved spoken language model, as far as decoding needs it.
 *
 * <p>Safe for several threads: decoders that share it take turns with their passes.
 *
 * @param transformer the layers
 * @param heads over the vocabulary, by layer
 * @param tokens the meaning of ids
 * @param interleave how many text and speech units make a cycle
 * @param characters of an id's text, weighted by the time to speak them: a {@link LoopRule} derives from them how much speech a text can
 *     need
 * @param units of the family
 */
public record LanguageModel(
        Transformer transformer,
        ExitHeads heads,
        TokenSpace tokens,
        InterleaveFormat interleave,
        IntUnaryOperator characters,
        UnitFormat units) {
    /** A model whose units are tokens. */
    public LanguageModel(
            Transformer transformer,
            ExitHeads heads,
            TokenSpace tokens,
            InterleaveFormat interleave,
            IntUnaryOperator characters) {
        this(
                transformer,
                heads,
                tokens,
                interleave,
                characters,
                new TokenUnits(transformer, heads, tokens, interleave));
    }

    /** A model whose units are tokens, and each token of text counts as one character. */
    public LanguageModel(Transformer transformer, ExitHeads heads, TokenSpace tokens, InterleaveFormat interleave) {
        this(transformer, heads, tokens, interleave, token -> 1);
    }

    public LanguageModel {
        if (tokens.usable() > transformer.config().vocabulary()) {
            throw new IllegalArgumentException("vocabulary: " + tokens.usable() + " usable ids, but the model has "
                    + transformer.config().vocabulary());
        }
    }

    /** A model of the same layers and heads whose units are tokens, and whose ids mean something else. */
    public LanguageModel with(TokenSpace other) {
        return new LanguageModel(transformer, heads, other, interleave, characters);
    }

    /** A copy with other units. */
    public LanguageModel with(UnitFormat other) {
        return new LanguageModel(transformer, heads, tokens, interleave, characters, other);
    }

    /**
     * Checks a plan against the model.
     *
     * @throws IllegalArgumentException in one line if a layer of it is L or above, or has no head, if a draft head is missing, or
     *     if positions are to be omitted below a convolution
     */
    public void check(ExitPlan plan) {
        plan.check(
                layers(),
                units.exitLayers(Modality.TEXT),
                units.exitLayers(Modality.SPEECH),
                heads.draft().isPresent());
        boolean convolves = transformer.layers().stream().anyMatch(layer -> layer.mixer() instanceof ShortConvolution);
        if (convolves && plan.skippedKv() == SkippedKv.OMIT) {
            throw new IllegalArgumentException(
                    "skipped keys and values: expected fill or copy for a model with convolutions,"
                            + " which need every position, got omit");
        }
    }

    /** The layers below L that have an exit head of text or of speech, ascending. */
    public SortedSet<Integer> exitLayers() {
        SortedSet<Integer> layers = new TreeSet<>();
        for (Modality modality : Modality.values()) layers.addAll(units.exitLayers(modality));
        return layers;
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
