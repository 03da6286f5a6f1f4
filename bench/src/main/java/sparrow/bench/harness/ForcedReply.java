package sparrow.bench.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;

/**
 * A reply of forced units. Text and speech alternate as in the model's format, no unit ends the reply, and ids and
 * codes are unrelated to patterns in the weights. The model chooses each unit, and the choice is then replaced.
 *
 * @param units units of the reply
 */
public record ForcedReply(List<Unit> units) {
    private static final long STRIDE = 7919;

    /** Number of different codes per codebook. The codebooks of all supported models are larger. */
    private static final int FRAME_CODES = 1024;

    /** Returns a reply with the given number of speech units. */
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

    /** Returns {@code n} ids from {@code first} to {@code first + count - 1}, unrelated to patterns in the weights. */
    public static int[] ids(int n, int first, int count) {
        return IntStream.range(0, n)
                .map(i -> first + (int) (i * STRIDE % count))
                .toArray();
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

    /** Returns a frame whose codes differ for each index. */
    public static Unit frame(LanguageModel model, int index) {
        return new Unit.Frame(IntStream.range(0, model.units().codebooks())
                .mapToObj(codebook -> (int) ((index * STRIDE + codebook) % FRAME_CODES))
                .toList());
    }
}
