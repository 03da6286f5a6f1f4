package sparrow.engine.decode;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import sparrow.engine.transformer.Transformer;

/**
 * Prompt prefixes that many sequences share, such as the system turn. Each prefix is prefilled once, and its keys and
 * values are copied to new sequences. Prefixes consist only of tokens because hidden states ({@link PromptEmbeddings})
 * belong to one question. Instances are safe for use by multiple threads.
 */
public final class SharedPrefixes {
    /**
     * Maximum number of stored prefixes. The least recently used prefix is removed. A model usually has one or two
     * prefixes.
     */
    private static final int KEPT = 4;

    private final LanguageModel model;
    private final SequencedMap<List<Integer>, Sequence> prefilled = new LinkedHashMap<>(16, 0.75f, true);

    /** Creates an empty set of prefixes. */
    public SharedPrefixes(LanguageModel model) {
        this.model = model;
    }

    /**
     * Returns a new sequence that contains a prefix at full depth. It is bit-identical to a sequence that was prefilled
     * separately.
     *
     * @throws IllegalArgumentException if the prefix contains an unknown id, or does not fit in the context
     */
    public synchronized Sequence newSequence(int... prefix) {
        if (prefix.length == 0) return new Sequence(model);
        List<Integer> key = Arrays.stream(prefix).boxed().toList();
        Sequence cached = prefilled.get(key);
        if (cached == null) {
            cached = prefill(prefix);
            prefilled.put(key, cached);
            if (prefilled.size() > KEPT) prefilled.pollFirstEntry();
        }
        return cached.fork();
    }

    private Sequence prefill(int[] prefix) {
        Sequence sequence = new Sequence(model);
        if (prefix.length >= sequence.room()) {
            throw new IllegalArgumentException("prompt: " + prefix.length
                    + " tokens do not fit into the context, which has room for " + sequence.room());
        }
        for (int token : prefix) {
            sequence.append(token);
            if (sequence.pending() == Transformer.PASS_POSITIONS) sequence.runPending();
        }
        sequence.runPending();
        return sequence;
    }
}
