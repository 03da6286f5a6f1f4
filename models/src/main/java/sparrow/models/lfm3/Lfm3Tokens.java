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
 * @param vocabulary number of rows in the embedding, all of which are allowed
 * @param start id that begins every conversation; also the placeholder at positions whose embeddings are replaced
 * @param turnStart id that begins a turn
 * @param turnEnd id that ends a turn, including a reply
 * @param audioStart id that begins speech
 * @param mixedStart id that begins alternating text and speech
 * @param textEnd id that marks the end of a reply's text
 * @param documentEnd id that ends a text-only reply, or empty if the vocabulary has no such token
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
     * Looks up the ids by token name.
     *
     * @param vocabulary number of rows in the embedding
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

    /** Returns a space in which all ids are text. */
    TokenSpace space() {
        return TokenSpace.text(vocabulary, Set.of(turnEnd));
    }
}
