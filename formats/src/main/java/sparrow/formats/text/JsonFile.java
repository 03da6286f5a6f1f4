package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.StrictJson;

/**
 * A JSON file of a tokenizer. Invalid values are reported with file and key.
 *
 * @param path path of the file, for messages
 * @param root the root object
 */
record JsonFile(Path path, JsonNode root) {
    private static final int QUOTED_CHARS = 80;

    /**
     * Reads a file.
     *
     * @throws BadFileException if it is missing or is not a JSON object in which every key occurs once
     * @throws IOException if it cannot be read
     */
    static JsonFile read(Path path) throws IOException {
        return new JsonFile(path, StrictJson.object(path, StrictJson.Bounds.VOCABULARY));
    }

    /** Returns the value of a key such as {@code model.type} or {@code list.0}; a missing node if there is none. */
    JsonNode at(String key) {
        return root.at("/" + key.replace('.', '/'));
    }

    /**
     * Returns an object.
     *
     * @throws BadFileException if the key is missing or has a value of another type
     */
    JsonNode object(String key) {
        if (!at(key).isObject()) throw wrong(key, "an object", at(key));
        return at(key);
    }

    /**
     * Returns a list.
     *
     * @throws BadFileException if the key is missing or has a value of another type
     */
    JsonNode list(String key) {
        if (!at(key).isArray()) throw wrong(key, "a list", at(key));
        return at(key);
    }

    /**
     * Rejects any value except the one that is implemented.
     *
     * @throws BadFileException if the key is missing or has another value
     */
    void expect(String key, String value) {
        if (!at(key).asText().equals(value)) throw wrong(key, value, at(key));
    }

    /** Returns whether a value is missing or disables an option. */
    static boolean isOff(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> true;
            case BOOLEAN -> !value.booleanValue();
            case STRING -> value.textValue().isEmpty();
            case NUMBER -> value.doubleValue() == 0;
            case ARRAY, OBJECT, BINARY, POJO -> false;
        };
    }

    /**
     * Rejects a value that enables an unimplemented option.
     *
     * @throws BadFileException if the key is not {@linkplain #isOff off}
     */
    void expectOff(String key) {
        if (!isOff(at(key))) throw wrong(key, "this option to be off", at(key));
    }

    /**
     * Returns the id that is the value of a key.
     *
     * @throws BadFileException if the value is not an integer of 0 or greater
     */
    int id(String key, JsonNode value) {
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (!whole || value.intValue() < 0 || value.intValue() == Vocabulary.NO_ID) {
            throw wrong(key, "an id of 0 or more", value);
        }
        return value.intValue();
    }

    /** Creates the exception for an invalid value. */
    BadFileException wrong(String key, String expected, JsonNode found) {
        String value = found.isMissingNode() ? "nothing" : found.toString();
        String quoted = value.length() > QUOTED_CHARS ? value.substring(0, QUOTED_CHARS) + "…" : value;
        return new BadFileException(path, key, "expected " + expected + ", found " + quoted);
    }
}
