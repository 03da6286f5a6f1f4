package sparrow.models.lfm2;

import java.nio.file.Path;
import java.util.Set;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.AddedTokens;

/**
 * The special token ids of an LFM2-Audio vocabulary.
 *
 * @param vocabulary the number of rows in the embedding, all of which are allowed
 * @param start the id that begins every conversation
 * @param turnStart the id that begins a turn
 * @param turnEnd the id that ends a turn and therefore a reply
 * @param audioStart the id that starts speech in sequential mode
 * @param textEnd the id that marks the end of a reply's text
 */
record Lfm2Tokens(int vocabulary, int start, int turnStart, int turnEnd, int audioStart, int textEnd) {
    /** The padding id, which is the token id at positions whose embeddings are replaced. */
    static final int PLACEHOLDER = 0;

    /**
     * Looks up the ids by the names of the tokens.
     *
     * @param vocabulary the number of rows in the embedding
     * @param source the checkpoint folder, for messages
     * @throws sparrow.formats.BadFileException if a token is missing, or the embedding has no row for it
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

    /** Returns the meaning of the ids, all of which are text. */
    TokenSpace space() {
        return TokenSpace.text(vocabulary, Set.of(turnEnd));
    }
}
