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
 * @param embeddings hidden states that stand where the embeddings of some of the prompt's tokens would, in the order of
 *     their positions; the tokens there still count for the repetition penalty
 * @param held leading tokens of the prompt that the sequence holds already ({@link SharedPrefixes}); the others, at least
 *     one, are appended
 * @param forced teacher forcing: units that the reply continues with in place of those that the heads choose, first the one after the
 *     prompt; where they end, the reply goes on with its own choices. Empty for a free reply
 * @param listener is told every step as it is decided, on the thread that decides: long work belongs on another one
 * @param stream which of the random sequences that the sampling's seed begins the tokens are drawn from, so that replies of
 *     one batch do not all draw the same numbers; 0 unless said otherwise
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

    /** The same request, whose reply is forced to these units. */
    public Request withForced(List<Unit> units) {
        return new Request(sequence, prompt, embeddings, held, units, listener, stream);
    }

    /** The same request, whose reply is forced to the tokens with these ids. */
    public Request withForced(int... ids) {
        return withForced(Unit.tokens(ids));
    }

    /** The same request with a listener to its steps. */
    public Request withListener(Consumer<Step> other) {
        return new Request(sequence, prompt, embeddings, held, forced, other, stream);
    }

    /** The same request, drawing with the noise of another stream. */
    public Request withStream(long other) {
        return new Request(sequence, prompt, embeddings, held, forced, listener, other);
    }
}
