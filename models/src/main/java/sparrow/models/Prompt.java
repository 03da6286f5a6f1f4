package sparrow.models;

import java.util.List;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.decode.Request;
import sparrow.engine.decode.Sequence;

/**
 * The tokens that a turn appends to the conversation.
 *
 * @param tokens the prompt ids, from the end of the previous turn to the start of the reply
 * @param embeddings vectors of encoded audio that replace token embeddings; empty for models that accept codes
 * @param shared the number of leading ids that are the same in all conversations (the system turn); 0 for a later turn
 * @param questionSeconds the duration of the spoken question, or 0 for a typed question
 * @param unspeakableCodes the number of the question's codes that were omitted because the language model has no token
 *     for them
 */
public record Prompt(
        int[] tokens, List<PromptEmbeddings> embeddings, int shared, double questionSeconds, int unspeakableCodes) {
    /** Creates a prompt without embeddings. */
    public Prompt(int[] tokens, int shared, double questionSeconds, int unspeakableCodes) {
        this(tokens, List.of(), shared, questionSeconds, unspeakableCodes);
    }

    /**
     * Returns the request for a reply to this prompt.
     *
     * @param sequence the conversation so far; for a first turn, a sequence that contains the {@link #shared} tokens
     *     ({@link SpokenModel#begin})
     */
    public Request request(Sequence sequence) {
        return Request.of(sequence, tokens, embeddings, shared);
    }
}
