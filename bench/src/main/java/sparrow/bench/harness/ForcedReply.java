package sparrow.bench.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;

/**
 * A reply that a model is made to give, for as long as is to be measured: text and speech alternate as in its format, none
 * of the units ends it, and ids and codes are far from every pattern in the weights. Every unit is chosen all the same, and then
 * replaced.
 *
 * @param units of the reply
 */
public record ForcedReply(List<Unit> units) {
    private static final long STRIDE = 7919;

    /** Codes of a frame that are used: every codebook of a known model has more. */
    private static final int FRAME_CODES = 1024;

    /** A reply with so many units of speech. */
    public static ForcedReply of(LanguageModel model, int speechUnits) {
        InterleaveFormat format = model.interleave();
        List<Unit> units = new ArrayList<>();
        int texts = 0;
        for (int spoken = 0; spoken < speechUnits; ) {
            for (int i = 0; i < format.textTokens(); i++) units.add(text(model, texts++));
            for (int i = 0; i < format.speechTokens() && spoken < speechUnits; i++) units.add(speech(model, spoken++));
        }
        return new ForcedReply(units);
    }

    private static Unit text(LanguageModel model, int index) {
        TokenSpace space = model.tokens();
        int id = (int) (index * STRIDE % space.textTokens());
        while (!space.isText(id) || model.units().mayBreakPattern(new Unit.Token(id)))
            id = (id + 1) % space.textTokens();
        return new Unit.Token(id);
    }

    private static Unit speech(LanguageModel model, int index) {
        int codes = model.tokens().codes();
        if (codes > 0) return new Unit.Token(model.tokens().speechOffset() + (int) (index * STRIDE % codes));
        return frame(model, index);
    }

    /** A frame, another one for each index. */
    public static Unit frame(LanguageModel model, int index) {
        return new Unit.Frame(IntStream.range(0, model.units().codebooks())
                .mapToObj(codebook -> (int) ((index * STRIDE + codebook) % FRAME_CODES))
                .toList());
    }
}
