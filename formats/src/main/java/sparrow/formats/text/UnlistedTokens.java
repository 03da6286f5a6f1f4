package sparrow.formats.text;

import java.util.Map;
import java.util.Set;

/** Supplies added tokens of a model family that its tokenizer files may lack. */
@FunctionalInterface
public interface UnlistedTokens {
    /** Supplies no tokens, for files that list all added tokens. */
    UnlistedTokens NONE = (textTokens, listed) -> Map.of();

    /**
     * Returns the tokens that the files lack.
     *
     * @param textTokens number of byte-pair tokens
     * @param listed added tokens that the files list
     * @return tokens by id; the caller ignores tokens whose id or content is already used
     */
    Map<Integer, String> missing(int textTokens, Set<String> listed);
}
