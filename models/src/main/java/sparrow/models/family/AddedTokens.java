package sparrow.models.family;

import java.nio.file.Path;
import java.util.function.IntFunction;
import sparrow.formats.BadFileException;
import sparrow.formats.text.Tokenizer;

/**
 * Looks up a vocabulary's added tokens by name.
 *
 * @param vocabulary the number of rows in the embedding
 * @param source the tokenizer's file, for messages
 */
public record AddedTokens(Tokenizer tokenizer, int vocabulary, Path source) {
    /**
     * Returns the id of a token.
     *
     * @throws BadFileException if there is no such token, or the embedding has no row for it
     */
    public int id(String token) {
        int id = tokenizer
                .id(token)
                .orElseThrow(() -> new BadFileException(source, "added token " + token, "is missing"));
        if (id < vocabulary) return id;
        throw new BadFileException(
                source, "added token " + token, "has id " + id + ", but the model has " + vocabulary + " ids");
    }

    /**
     * Returns the number of tokens with consecutive ids, such as the speech codes.
     *
     * @param name a function that returns the name of the i-th token, counted from 0
     * @throws BadFileException if there is no such token, or the embedding has no row for the last token
     */
    public int count(IntFunction<String> name) {
        int first = id(name.apply(0));
        int count = 1;
        while (tokenizer.id(name.apply(count)).orElse(-1) == first + count) count++;
        id(name.apply(count - 1));
        return count;
    }
}
