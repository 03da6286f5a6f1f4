package sparrow.engine.decode;

import java.util.List;
import java.util.function.Consumer;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;

/**
 * The request of one sequence of a batch.
 *
 * @param sequence the conversation so far; holds prompt and reply afterwards
 * @param prompt token ids, at least one
 * @param embeddings hidden states that replace the embeddings of some of the prompt's tokens, in ascending order; the replaced tokens
 *     still count for the repetition penalty
 * @param held leading tokens of the prompt that the sequence holds already ({@link SharedPrefixes}); the others, at least
 *     one, are appended
 * @param forced teacher forcing: the first units of the reply, whatever the heads choose; after them the reply continues with its own
 *     choices. Empty for a free reply
 * @param listener notified of each step on the decoding thread; it should return quickly
 * @param stream number of the noise stream of the sampling's seed, so that replies of one batch draw different numbers; 0 by default
 */
public record Request(
        Sequence sequence,
        int[] prompt,
        List<PromptEmbeddings> embeddings,
        int held,
        List<Unit> forced,
        Consumer<Step> listener,
        long stream) {
    public Request {
        if (prompt.length == 0) throw new IllegalArgumentException("prompt: expected 1 token or more");
        if (held < 0 || held >= prompt.length || held > sequence.length()) {
            throw new IllegalArgumentException("prompt: expected fewer than its " + prompt.length
                    + " tokens to be held, and no more than the " + sequence.length() + " of the sequence, got "
                    + held);
        }
        embeddings = List.copyOf(embeddings);
        forced = List.copyOf(forced);
        int from = held;
        for (PromptEmbeddings states : embeddings) {
            states.check(from, prompt.length, sequence.width());
            from = states.end(sequence.width());
        }
    }

    /** A free reply to a prompt that is all new to the sequence. */
    public static Request of(Sequence sequence, int... prompt) {
        return of(sequence, prompt, List.of(), 0);
    }

    /** A free reply to a prompt, some of it hidden states, whose first {@code held} tokens the sequence holds. */
    public static Request of(Sequence sequence, int[] prompt, List<PromptEmbeddings> embeddings, int held) {
        return new Request(sequence, prompt, embeddings, held, List.of(), step -> {}, 0);
    }

    /**
     * A free reply to a whole token list. The prefix that the list shares with the sequence stays,
     * the rest of the sequence is cut now, and the rest of the list is prefilled. At least the last token is, since a reply
     * begins with what the model makes of it.
     *
     * @param list the tokens that the sequence is to hold before the reply, at least one
     * @param embeddings as in {@link #embeddings}, anywhere in the list
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

    /** A copy whose reply is forced to these units. */
    public Request withForced(List<Unit> units) {
        return new Request(sequence, prompt, embeddings, held, units, listener, stream);
    }

    /** A copy whose reply is forced to the tokens with these ids. */
    public Request withForced(int... ids) {
        return withForced(Unit.tokens(ids));
    }

    /** A copy with another listener. */
    public Request withListener(Consumer<Step> other) {
        return new Request(sequence, prompt, embeddings, held, forced, other, stream);
    }

    /** A copy with another noise stream. */
    public Request withStream(long other) {
        return new Request(sequence, prompt, embeddings, held, forced, listener, other);
    }
}
