package sparrow.models.lfm2;

import java.nio.file.Path;
import java.util.Set;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.BadFileException;

/**
 * The ids with a role in an LFM2-Audio vocabulary, by the names that its tokenizer has for them.
 *
 * @param vocabulary rows of the embedding, all of which may be chosen
 * @param start opens every conversation
 * @param turnStart opens a turn
 * @param turnEnd closes a turn, and ends a reply
 * @param audioStart asks for speech in the sequential mode
 * @param textEnd says that the text of a reply is complete
 */
record Lfm2Tokens(int vocabulary, int start, int turnStart, int turnEnd, int audioStart, int textEnd) {
    /** The id that stands in a token list for a vector: padding. */
    static final int PLACEHOLDER = 0;

    /**
     * Looks the ids up.
     *
     * @param vocabulary rows of the embedding
     * @param source the checkpoint folder, for messages
     * @throws BadFileException if a token is missing, or the vocabulary has no row for one
     */
    static Lfm2Tokens of(Tokenizer tokenizer, int vocabulary, Path source) {
        return new Lfm2Tokens(
                vocabulary,
                id(tokenizer, "<|startoftext|>", vocabulary, source),
                id(tokenizer, "<|im_start|>", vocabulary, source),
                id(tokenizer, "<|im_end|>", vocabulary, source),
                id(tokenizer, "<|audio_start|>", vocabulary, source),
                id(tokenizer, "<|text_end|>", vocabulary, source));
    }

    private static int id(Tokenizer tokenizer, String token, int vocabulary, Path source) {
        int id = tokenizer
                .id(token)
                .orElseThrow(() -> new BadFileException(source, "added token " + token, "is missing"));
        if (id < vocabulary) return id;
        throw new BadFileException(
                source, "added token " + token, "has id " + id + ", but the model has " + vocabulary + " ids");
    }

    /** The meaning of the ids: all of them are text. */
    TokenSpace space() {
        return TokenSpace.text(vocabulary, Set.of(turnEnd));
    }
}
