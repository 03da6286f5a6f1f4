package sparrow.engine.decode;

import java.util.List;

/**
 * What one sequence of a batch asks for.
 *
 * @param sequence the conversation so far; holds prompt and reply afterwards
 * @param prompt token ids of the turn, at least one
 * @param replaced hidden states that stand where the embeddings of some of the prompt's tokens would, in the order of
 *     their positions; the tokens there still count for the repetition penalty
 * @param held leading tokens of the prompt that the sequence holds already ({@link SharedPrefixes}); the others, at least
 *     one, are appended
 * @param forced teacher forcing: ids that the reply continues with whatever the heads choose, first the one after the
 *     prompt; where they end, the reply goes on with its own choices. Empty for a free reply
 * @param listener hears every step as it is decided
 * @param stream which of the random sequences that the sampling's seed begins the tokens are drawn from, so that replies of
 *     one batch do not all draw the same numbers; 0 unless said otherwise
 */
public record Request(
        Sequence sequence,
        int[] prompt,
        List<PromptEmbeddings> replaced,
        int held,
        int[] forced,
        StepListener listener,
        long stream) {
    public Request {
        if (prompt.length == 0) throw new IllegalArgumentException("prompt: expected 1 token or more");
        if (held < 0 || held >= prompt.length || held > sequence.rows().length()) {
            throw new IllegalArgumentException("prompt: expected fewer than its " + prompt.length
                    + " tokens to be held, and no more than the "
                    + sequence.rows().length() + " of the sequence, got " + held);
        }
        replaced = List.copyOf(replaced);
        int from = held;
        for (PromptEmbeddings rows : replaced) {
            rows.check(from, prompt.length, sequence.width());
            from = rows.end(sequence.width());
        }
    }

    /** A reply that draws from the first random sequence. */
    public Request(
            Sequence sequence,
            int[] prompt,
            List<PromptEmbeddings> replaced,
            int held,
            int[] forced,
            StepListener listener) {
        this(sequence, prompt, replaced, held, forced, listener, 0);
    }

    /** The same request, drawing from another random sequence. */
    public Request withStream(long other) {
        return new Request(sequence, prompt, replaced, held, forced, listener, other);
    }

    /** A free reply to a prompt that is all new to the sequence. */
    public Request(Sequence sequence, int[] prompt, StepListener listener) {
        this(sequence, prompt, 0, listener);
    }

    /** A free reply to a prompt whose first tokens the sequence holds. */
    public Request(Sequence sequence, int[] prompt, int held, StepListener listener) {
        this(sequence, prompt, List.of(), held, listener);
    }

    /** A free reply to a prompt with rows of hidden states, whose first tokens the sequence holds. */
    public Request(Sequence sequence, int[] prompt, List<PromptEmbeddings> replaced, int held, StepListener listener) {
        this(sequence, prompt, replaced, held, new int[0], listener);
    }

    /** A forced reply to a prompt that is all new to the sequence. */
    public Request(Sequence sequence, int[] prompt, int[] forced, StepListener listener) {
        this(sequence, prompt, 0, forced, listener);
    }

    /** A forced reply to a prompt whose first tokens the sequence holds. */
    public Request(Sequence sequence, int[] prompt, int held, int[] forced, StepListener listener) {
        this(sequence, prompt, List.of(), held, forced, listener);
    }
}
