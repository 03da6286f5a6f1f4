package sparrow.engine.head;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.Transformer;

/**
 * The unit format of models whose text and speech units are tokens of one vocabulary (GLM-4-Voice, Step-Audio-2).
 *
 * @param transformer layers of the model
 * @param heads heads over the vocabulary, by layer
 * @param tokens meaning of token ids
 * @param interleave numbers of text and speech units per cycle
 */
public record TokenUnits(Transformer transformer, ExitHeads heads, TokenSpace tokens, InterleaveFormat interleave)
        implements UnitFormat {
    @Override
    public OutputHead newHead() {
        return new VocabularyHead(transformer, heads, tokens);
    }

    @Override
    public Set<Integer> exitLayers(Modality modality) {
        return heads.layers().stream()
                .filter(layer -> modality == Modality.SPEECH || knowsText(heads.at(layer)))
                .collect(Collectors.toSet());
    }

    /**
     * Returns whether a head computes scores for text tokens. A head that is restricted to speech tokens cannot predict
     * text.
     */
    private boolean knowsText(ExitHead head) {
        return head.tokens() == null || Arrays.stream(head.tokens()).anyMatch(tokens::isText);
    }

    @Override
    public long speechHeadBytes(int layer, SpeechLogits logits) {
        boolean part = layer == transformer.config().layers() && logits == SpeechLogits.SPEECH;
        return part
                ? heads.full().restrictedTo(tokens.allowedInSpeech()).bytes()
                : heads.at(layer).bytes();
    }

    @Override
    public long entropyBytes(int layer) {
        return heads.at(layer).bytes();
    }

    @Override
    public Input input(Unit unit) {
        int id = id(unit);
        transformer.checkToken(id);
        return new Input.Token(id);
    }

    @Override
    public InterleaveTracker newTracker(int lastPromptToken) {
        return interleave.newTracker(tokens, lastPromptToken);
    }

    @Override
    public boolean isSpeech(Unit unit) {
        return tokens.isSpeech(id(unit));
    }

    @Override
    public OptionalInt text(Unit unit) {
        int id = id(unit);
        return tokens.isText(id) ? OptionalInt.of(id) : OptionalInt.empty();
    }

    @Override
    public int[] codes(Unit unit) {
        return tokens.code(id(unit)).stream().toArray();
    }

    @Override
    public int codebooks() {
        return 1;
    }

    @Override
    public boolean isEnd(Unit unit) {
        return tokens.isEnd(id(unit));
    }

    @Override
    public boolean mayBreakPattern(Unit unit) {
        return tokens.isMark(id(unit));
    }

    private static int id(Unit unit) {
        if (unit instanceof Unit.Token(int id)) return id;
        throw new IllegalArgumentException("unit: expected a token, got " + unit);
    }
}
