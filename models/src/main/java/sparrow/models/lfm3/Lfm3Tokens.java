package sparrow.models.lfm3;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.AddedTokens;

/**
 * The special token ids of an LFM3-Audio vocabulary.
 *
 * @param vocabulary number of rows of the embedding, all of which are allowed
 * @param start begins every conversation; also the id at positions with other embeddings
 * @param turnStart begins a turn
 * @param turnEnd ends a turn, and so a reply
 * @param audioStart begins speech
 * @param mixedStart begins alternating text and speech
 * @param textEnd marks the end of the text of a reply
 * @param documentEnd ends a reply that is text only; empty if the vocabulary has no such token
 */
record Lfm3Tokens(
        int vocabulary,
        int start,
        int turnStart,
        int turnEnd,
        int audioStart,
        int mixedStart,
        int textEnd,
        OptionalInt documentEnd) {
    /**
     * Looks up the ids by the names of the tokens.
     *
     * @param vocabulary number of rows of the embedding
     * @param source the file, for messages
     * @throws sparrow.formats.BadFileException if a token is missing, or the embedding has no row for it
     */
    static Lfm3Tokens of(Tokenizer tokenizer, int vocabulary, Path source) {
        AddedTokens added = new AddedTokens(tokenizer, vocabulary, source);
        return new Lfm3Tokens(
                vocabulary,
                added.id("<|startoftext|>"),
                added.id("<|im_start|>"),
                added.id("<|im_end|>"),
                added.id("<|audio_start|>"),
                added.id("<|mixed_start|>"),
                added.id("<|text_end|>"),
                tokenizer.id("<|endoftext|>"));
    }

    /** Returns the meaning of the ids: all of them are text. */
    TokenSpace space() {
        return TokenSpace.text(vocabulary, Set.of(turnEnd));
    }
}
