package sparrow.formats.text;

import java.util.Map;
import java.util.Set;

/** Added tokens that a model family has and the files of its tokenizer may not list. */
@FunctionalInterface
public interface UnlistedTokens {
    /** None: all added tokens stand in the files. */
    UnlistedTokens NONE = (textTokens, listed) -> Map.of();

    /**
     * The tokens that are missing.
     *
     * @param textTokens number of byte-pair tokens
     * @param listed added tokens that the files list
     * @return tokens by id; those whose id or content is taken are left out
     */
    Map<Integer, String> missing(int textTokens, Set<String> listed);
}
