package sparrow.models.lfm2;

import java.nio.file.Path;
import java.util.Set;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.AddedTokens;

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
     * @throws sparrow.formats.weights.BadFileException if a token is missing, or the vocabulary has no row for one
     */
    static Lfm2Tokens of(Tokenizer tokenizer, int vocabulary, Path source) {
        AddedTokens added = new AddedTokens(tokenizer, vocabulary, source);
        return new Lfm2Tokens(
                vocabulary,
                added.id("<|startoftext|>"),
                added.id("<|im_start|>"),
                added.id("<|im_end|>"),
                added.id("<|audio_start|>"),
                added.id("<|text_end|>"));
    }

    /** Returns the meaning of the ids: all of them are text. */
    TokenSpace space() {
        return TokenSpace.text(vocabulary, Set.of(turnEnd));
    }
}
