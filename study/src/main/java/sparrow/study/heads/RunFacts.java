package sparrow.study.heads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import sparrow.engine.weights.BadFileException;

/**
 * What a run was asked for, as a JSON object. A run goes on from what it finds only where that was made with the same
 * facts.
 *
 * @param json value by name
 */
record RunFacts(ObjectNode json) {
    static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** A fact that stores of before do not know of themselves; they are not refused for that. */
    static final String ARITHMETIC = "arithmetic";

    /**
     * Reads a file.
     *
     * @throws BadFileException if it holds no JSON object
     */
    static RunFacts read(Path file) throws IOException {
        try {
            return parse(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    /** Reads a text that a file holds. */
    static RunFacts parse(Path file, String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) return new RunFacts(object);
        } catch (JsonProcessingException e) {
            throw new BadFileException(file, "is not JSON: " + e.getOriginalMessage());
        }
        throw new BadFileException(file, "expected a JSON object");
    }

    /** Writes the file, whole or not at all. */
    void write(Path file) throws IOException {
        Path part = part(file);
        try {
            Files.writeString(part, toString() + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** What a process leaves that was killed while it wrote a file. */
    static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    /**
     * Refuses to go on from something that was made otherwise.
     *
     * @param file where these facts come from, for the message
     * @throws BadFileException naming the first fact that differs
     */
    void requireSame(Path file, RunFacts asked) {
        for (Map.Entry<String, JsonNode> fact : asked.json.properties()) {
            JsonNode found = json.path(fact.getKey());
            if (found.isMissingNode() && fact.getKey().equals(ARITHMETIC)) continue;
            // As texts: a number that was read may be of another class than one that was asked for.
            if (!found.toString().equals(fact.getValue().toString())) {
                throw new BadFileException(
                        file,
                        fact.getKey(),
                        "was made with " + (found.isMissingNode() ? "none" : found) + ", asked for " + fact.getValue()
                                + "; choose another --out to begin anew");
            }
        }
    }

    /** A whole number of at least {@code least}. */
    int integer(Path file, String key, int least) {
        JsonNode value = json.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw new BadFileException(file, key, "expected a whole number of " + least + " or more, found " + value);
        }
        return value.intValue();
    }

    String text(Path file, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual()) throw new BadFileException(file, key, "expected a text, found " + value);
        return value.textValue();
    }

    @Override
    public String toString() {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
