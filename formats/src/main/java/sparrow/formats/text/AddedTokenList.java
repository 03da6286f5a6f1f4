package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;

/** The added tokens of a file. Each token is checked against the vocabulary and the previous added tokens. */
final class AddedTokenList {
    /**
     * Flags that would change how tokens are matched in text. These flags are not implemented, and no published file
     * sets them.
     */
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
     * @param key key in the file, for messages
     * @throws BadFileException if the token is empty, or if the token or its id is already used
     */
    void add(String key, int id, String token) {
        if (token.isEmpty()) throw new BadFileException(file.file(), key, "expected a non-empty token");
        if (vocabulary.contains(id)) {
            throw new BadFileException(file.file(), key, "the id already belongs to a byte-pair token");
        }
        if (tokens.put(id, token) != null) throw new BadFileException(file.file(), key, "the id occurs twice");
        if (!contents.add(token)) throw new BadFileException(file.file(), key, "the token occurs twice");
    }

    /**
     * Adds a token described by an object with {@code content} and flags.
     *
     * @throws BadFileException if there is no content, a flag is set, or the token or its id is already used
     */
    void add(String key, int id, JsonNode description) {
        JsonNode content = description.path("content");
        if (!content.isTextual()) throw file.wrong(key + ".content", "a string", content);
        for (String flag : FLAGS) {
            JsonNode value = description.path(flag);
            if (!JsonFile.isOff(value)) throw file.wrong(key + "." + flag, "false", value);
        }
        add(key, id, content.textValue());
    }

    /** Returns all added tokens by id. */
    Map<Integer, String> byId() {
        return tokens;
    }
}
