package sparrow.bench.harness;

import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;

/**
 * A reply that a model is made to give, for as long as is to be measured: text and speech alternate as in its format, none
 * of the tokens ends it, and ids are far from every pattern in the weights.
 *
 * @param tokens of the reply
 * @param codes speech codes among them
 */
public record ForcedReply(int[] tokens, int codes) {
    private static final long STRIDE = 7919;

    /** A reply with so many speech codes. */
    public static ForcedReply of(LanguageModel model, int codes) {
        TokenSpace space = model.tokens();
        if (space.codes() == 0) {
            throw new IllegalArgumentException("model: expected one whose speech is tokens, got one of frames");
        }
        InterleaveFormat format = model.interleave();
        IntStream.Builder tokens = IntStream.builder();
        int texts = 0;
        for (int spoken = 0; spoken < codes; ) {
            for (int i = 0; i < format.textTokens(); i++) tokens.add(text(space, texts++));
            for (int i = 0; i < format.speechTokens() && spoken < codes; i++, spoken++) {
                tokens.add(space.speechOffset() + (int) (spoken * STRIDE % space.codes()));
            }
        }
        return new ForcedReply(tokens.build().toArray(), codes);
    }

    /** The tokens as units. */
    public List<Unit> units() {
        return Unit.tokens(tokens);
    }

    private static int text(TokenSpace space, int index) {
        int id = (int) (index * STRIDE % space.textTokens());
        while (!space.isText(id)) id = (id + 1) % space.textTokens();
        return id;
    }
}
