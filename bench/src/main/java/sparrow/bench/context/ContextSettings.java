package sparrow.bench.context;

import java.util.LinkedHashSet;
import java.util.List;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.kernel.KvFormat;

/**
 * What to measure.
 *
 * @param lengths positions before the token, each by itself
 * @param formats how their keys and values are kept; the others are compared with the first
 * @param rounds how often every format takes its turn at every length
 * @param tokens steps of a turn
 * @param warmUpSeconds at most so long is the JIT waited for; 0 for no warm-up
 */
public record ContextSettings(
        List<Integer> lengths, List<KvFormat> formats, int rounds, int tokens, double warmUpSeconds) {
    public ContextSettings {
        lengths = List.copyOf(new LinkedHashSet<>(lengths));
        formats = List.copyOf(new LinkedHashSet<>(formats));
        for (int length : lengths) positive("--positions", length);
        positive("--rounds", rounds);
        positive("--tokens", tokens);
        if (!(warmUpSeconds >= 0) || Double.isInfinite(warmUpSeconds)) {
            throw new IllegalArgumentException("--warm-up: expected 0 or more seconds, got " + warmUpSeconds);
        }
    }

    private static void positive(String option, int value) {
        if (value < 1) throw new IllegalArgumentException(option + ": expected 1 or more, got " + value);
    }

    /** Turns of all rounds. */
    public int runs() {
        return rounds * lengths.size() * formats.size();
    }

    /** @throws IllegalArgumentException in one line if a length does not fit the model */
    void check(LanguageModel model) {
        int most = model.transformer().config().contextLength() - 1;
        for (int length : lengths) {
            if (length > most) {
                throw new IllegalArgumentException(
                        "--positions: expected 1 to " + most + ", the context of this model less one, got " + length);
            }
        }
    }
}
