package sparrow.engine.decode;

import java.util.List;
import java.util.function.Consumer;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;

/**
 * A request for one reply.
 *
 * @param sequence previous conversation, to which prompt and reply are appended
 * @param prompt token ids, at least 1
 * @param embeddings hidden states that replace prompt token embeddings, in ascending order; the repetition penalty
 *     still includes the replaced tokens
 * @param held number of leading prompt tokens that the sequence already contains ({@link SharedPrefixes}); the other
 *     tokens, at least 1, are appended
 * @param forced first units of the reply, which replace the heads' choices (teacher forcing); empty for a free reply
 * @param listener listener that is notified of each step on the decoding thread; should return quickly
 * @param stream index of the random stream ({@link sparrow.engine.head.Sampling#stream}); different streams let replies
 *     in one batch use different random numbers; 0 by default
 * @param probabilities whether the steps of text tokens contain the tokens' probabilities; false by default
 */
public record Request(
        Sequence sequence,
        int[] prompt,
        List<PromptEmbeddings> embeddings,
        int held,
        List<Unit> forced,
        Consumer<Step> listener,
        long stream,
        boolean probabilities) {
    public Request {
        if (prompt.length == 0) throw new IllegalArgumentException("prompt: expected 1 token or more");
        if (held < 0 || held >= prompt.length || held > sequence.length()) {
            throw new IllegalArgumentException("held tokens: expected fewer than the " + prompt.length
                    + " of the prompt, and at most the " + sequence.length() + " of the sequence, got " + held);
        }
        embeddings = List.copyOf(embeddings);
        forced = List.copyOf(forced);
        int from = held;
        for (PromptEmbeddings states : embeddings) {
            states.check(from, prompt.length, sequence.width());
            from = states.end(sequence.width());
        }
    }

    /** Returns a request for a free reply to a prompt that the sequence does not contain. */
    public static Request of(Sequence sequence, int... prompt) {
        return of(sequence, prompt, List.of(), 0);
    }

    /**
     * Returns a request for a free reply to a prompt with embeddings, whose first {@code held} tokens the sequence
     * already contains.
     */
    public static Request of(Sequence sequence, int[] prompt, List<PromptEmbeddings> embeddings, int held) {
        return new Request(sequence, prompt, embeddings, held, List.of(), step -> {}, 0, false);
    }

    /**
     * Returns a request for a free reply to a complete token list. The sequence is truncated to the prefix that it
     * shares with the list, and the remaining tokens of the list will be prefilled. At least the last token is
     * prefilled because its position decides the first unit.
     *
     * @param list tokens that the sequence must contain before the reply, at least 1
     * @param embeddings hidden states that replace embeddings anywhere in the list, in ascending order
     */
    public static Request onCommonPrefix(Sequence sequence, int[] list, List<PromptEmbeddings> embeddings) {
        if (list.length == 0) throw new IllegalArgumentException("prompt: expected 1 token or more");
        int held = Math.min(sequence.commonPrefix(list, embeddings), list.length - 1);
        sequence.truncate(held);
        int width = sequence.width();
        List<PromptEmbeddings> missing = embeddings.stream()
                .filter(states -> states.end(width) > held)
                .map(states -> states.from(held, width))
                .toList();
        return of(sequence, list, missing, held);
    }

    /** Returns a copy whose reply must start with the given units. */
    public Request withForced(List<Unit> units) {
        return new Request(sequence, prompt, embeddings, held, units, listener, stream, probabilities);
    }

    /** Returns a copy whose reply must start with the tokens of the given ids. */
    public Request withForced(int... ids) {
        return withForced(Unit.tokens(ids));
    }

    /** Returns a copy with a different listener. */
    public Request withListener(Consumer<Step> other) {
        return new Request(sequence, prompt, embeddings, held, forced, other, stream, probabilities);
    }

    /** Returns a copy with a different random stream. */
    public Request withStream(long other) {
        return new Request(sequence, prompt, embeddings, held, forced, listener, other, probabilities);
    }

    /** Returns a copy whose steps contain the probabilities of text tokens, or do not contain them. */
    public Request withProbabilities(boolean other) {
        return new Request(sequence, prompt, embeddings, held, forced, listener, stream, other);
    }
}
