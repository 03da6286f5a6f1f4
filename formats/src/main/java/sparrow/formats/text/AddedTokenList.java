package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sparrow.formats.weights.BadFileException;

/** The added tokens of a file, held against the vocabulary and against each other as they are read. */
final class AddedTokenList {
    /** Flags that would change the places at which a token is found. None is implemented, and no published file sets one. */
    private static final List<String> FLAGS = List.of("lstrip", "rstrip", "single_word", "normalized");

    private final JsonFile file;
    private final Vocabulary vocabulary;
    private final Map<Integer, String> tokens = new TreeMap<>();
    private final Set<String> contents = new HashSet<>();

    AddedTokenList(JsonFile file, Vocabulary vocabulary) {
        this.file = file;
        this.vocabulary = vocabulary;
    }

    /**
     * Adds a token.
     *
     * @param key place in the file, for messages
     * @throws BadFileException if the token is empty, or it or its id is taken
     */
    void add(String key, int id, String token) {
        if (token.isEmpty()) throw new BadFileException(file.path(), key, "expected a token that is not empty");
        if (vocabulary.contains(id)) {
            throw new BadFileException(file.path(), key, "the id is that of a byte-pair token already");
        }
        if (tokens.put(id, token) != null) throw new BadFileException(file.path(), key, "the id occurs twice");
        if (!contents.add(token)) throw new BadFileException(file.path(), key, "the token occurs twice");
    }

    /**
     * Adds a token that is described by an object of {@code content} and flags.
     *
     * @throws BadFileException if there is no content, a flag is set, or the token or its id is taken
     */
    void add(String key, int id, JsonNode description) {
        JsonNode content = description.path("content");
        if (!content.isTextual()) throw file.wrong(key + ".content", "a text", content);
        for (String flag : FLAGS) {
            JsonNode value = description.path(flag);
            if (!JsonFile.isOff(value)) throw file.wrong(key + "." + flag, "false", value);
        }
        add(key, id, content.textValue());
    }

    /** All that were added. */
    Map<Integer, String> byId() {
        return tokens;
    }
}
