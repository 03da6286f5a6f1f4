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
 * An interleaved spoken language model, consisting of the parts required for decoding.
 *
 * <p>Instances are safe for use by multiple threads. Decoders that share a model run one pass at a time.
 *
 * @param transformer layers of the model
 * @param heads heads over the vocabulary, by layer
 * @param tokens meaning of token ids
 * @param interleave numbers of text and speech units per cycle
 * @param characters function that returns the number of characters in a token's text, weighted by the time required to
 *     speak them; a {@link LoopRule} uses it to compute the maximum amount of speech for a text
 * @param units unit format of the model family
 */
public record LanguageModel(
        Transformer transformer,
        ExitHeads heads,
        TokenSpace tokens,
        InterleaveFormat interleave,
        IntUnaryOperator characters,
        UnitFormat units) {
    /** Creates a model whose units are tokens. */
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

    /** Creates a model whose units are tokens. Each text token is counted as one character. */
    public LanguageModel(Transformer transformer, ExitHeads heads, TokenSpace tokens, InterleaveFormat interleave) {
        this(transformer, heads, tokens, interleave, token -> 1);
    }

    public LanguageModel {
        if (tokens.usable() > transformer.config().vocabulary()) {
            throw new IllegalArgumentException("vocabulary: expected at most "
                    + transformer.config().vocabulary() + " usable ids, got " + tokens.usable());
        }
    }

    /** Returns a copy whose units are the tokens of a different token space. */
    public LanguageModel with(TokenSpace other) {
        return new LanguageModel(transformer, heads, other, interleave, characters);
    }

    /** Returns a copy with a different unit format. */
    public LanguageModel with(UnitFormat other) {
        return new LanguageModel(transformer, heads, tokens, interleave, characters, other);
    }

    /**
     * Checks that this model supports a plan.
     *
     * @throws IllegalArgumentException if an exit layer is not below L or has no head, if a draft head is missing, or
     *     if the plan omits positions from a model with convolutions; the message is one line
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

    /** Returns the layers below L that have an exit head for text or speech. */
    public SortedSet<Integer> exitLayers() {
        SortedSet<Integer> layers = new TreeSet<>();
        for (Modality modality : Modality.values()) layers.addAll(units.exitLayers(modality));
        return layers;
    }

    /** Returns the number of layers, L. */
    public int layers() {
        return transformer.config().layers();
    }

    /** Returns the number of channels in a hidden state. */
    public int width() {
        return transformer.config().width();
    }
}
