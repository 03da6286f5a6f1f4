package sparrow.models.family;

import java.nio.file.Path;
import java.util.function.IntFunction;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.BadFileException;

/**
 * The added tokens of a vocabulary, by their names.
 *
 * @param vocabulary rows of the embedding
 * @param source of the tokenizer, for messages
 */
public record AddedTokens(Tokenizer tokenizer, int vocabulary, Path source) {
    /**
     * The id of a token.
     *
     * @throws BadFileException if there is none, or the embedding has no row for it
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
     * The number of tokens whose ids follow each other, such as those of speech codes.
     *
     * @param name of each, counted from 0
     * @throws BadFileException if there is none, or the embedding has no row for the last
     */
    public int count(IntFunction<String> name) {
        int first = id(name.apply(0));
        int count = 1;
        while (tokenizer.id(name.apply(count)).orElse(-1) == first + count) count++;
        id(name.apply(count - 1));
        return count;
    }
}
