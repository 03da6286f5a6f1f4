package sparrow.models;

import java.util.List;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;

/**
 * The tokens that a turn appends to the conversation.
 *
 * @param tokens prompt ids, from the end of the previous turn to the start of the reply
 * @param embeddings hidden states that stand in place of some of them: a sound as the model hears it; none where it hears codes
 * @param shared leading ids that every conversation of its kind begins with, the system turn; 0 for a later turn
 * @param questionSeconds length of the spoken question; 0 for a typed one
 * @param unspeakableCodes codes of the question that have no token in the language model, and were left out
 */
public record Prompt(
        int[] tokens, List<PromptEmbeddings> embeddings, int shared, double questionSeconds, int unspeakableCodes) {
    /** A prompt of ids alone. */
    public Prompt(int[] tokens, int shared, double questionSeconds, int unspeakableCodes) {
        this(tokens, List.of(), shared, questionSeconds, unspeakableCodes);
    }

    /**
     * Asks for a reply to it.
     *
     * @param sequence the conversation so far; for a first turn one that holds the {@link #shared} tokens
     *     ({@link SpokenModel#begin})
     */
    public Request request(Sequence sequence) {
        return Request.of(sequence, tokens, embeddings, shared);
    }
}
