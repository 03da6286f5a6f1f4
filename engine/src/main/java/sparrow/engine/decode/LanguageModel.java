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
 * An interleaved spoken language model: the parts that decoding needs.
 *
 * <p>Safe for several threads: passes of decoders that share it run one after another.
 *
 * @param transformer the layers
 * @param heads heads over the vocabulary, by layer
 * @param tokens meaning of the ids
 * @param interleave numbers of text and speech units in a cycle
 * @param characters number of characters in the text of an id, weighted by the time to speak them; a {@link LoopRule}
 *     computes from it how much speech a text needs at most
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

    /** Creates a model whose units are tokens, and whose text tokens count as one character each. */
    public LanguageModel(Transformer transformer, ExitHeads heads, TokenSpace tokens, InterleaveFormat interleave) {
        this(transformer, heads, tokens, interleave, token -> 1);
    }

    public LanguageModel {
        if (tokens.usable() > transformer.config().vocabulary()) {
            throw new IllegalArgumentException("vocabulary: expected at most "
                    + transformer.config().vocabulary() + " usable ids, got " + tokens.usable());
        }
    }

    /** Returns a copy whose units are tokens, with another meaning of the ids. */
    public LanguageModel with(TokenSpace other) {
        return new LanguageModel(transformer, heads, other, interleave, characters);
    }

    /** Returns a copy with another unit format. */
    public LanguageModel with(UnitFormat other) {
        return new LanguageModel(transformer, heads, tokens, interleave, characters, other);
    }

    /**
     * Checks a plan against the model.
     *
     * @throws IllegalArgumentException if an exit layer is L or above, or has no head, if a draft head is missing, or
     *     if the plan omits positions from a model with convolutions; the message has one line
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

    /** The layers below L with an exit head for text or speech. */
    public SortedSet<Integer> exitLayers() {
        SortedSet<Integer> layers = new TreeSet<>();
        for (Modality modality : Modality.values()) layers.addAll(units.exitLayers(modality));
        return layers;
    }

    /** Number of layers, L. */
    public int layers() {
        return transformer.config().layers();
    }

    /** Number of channels of a hidden state. */
    public int width() {
        return transformer.config().width();
    }
}
