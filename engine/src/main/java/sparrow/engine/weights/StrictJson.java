package sparrow.engine.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads JSON that was not written with care, or not with good will: a key given twice, or anything after the end, is a
 * fault, and so is what would take memory out of proportion.
 */
@SuppressWarnings("exports") // a module that takes a tree requires Jackson anyway
public final class StrictJson {
    private static final int MIB = 1 << 20;

    /** A vocabulary of 300 000 tokens with their merges is 20 MiB. */
    private static final int LARGEST_FILE_MIB = 64;

    /** A node takes some 60 bytes of memory, two bytes in the file suffice for one; the largest vocabularies have 1 million. */
    private static final int MOST_TOKENS = 5_000_000;

    private static final int DEEPEST = 100;

    /** Keys are not interned: a vocabulary has 150 000, and each would go through the JVM's table of strings. */
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /**
     * Reads a file that holds one object.
     *
     * @throws BadFileException if it is missing, holds anything else, or is larger than any tokenizer's
     * @throws IOException if it cannot be read
     */
    public static JsonNode object(Path file) throws IOException {
        return object(file, LARGEST_FILE_MIB);
    }

    /**
     * Reads a file that holds one object.
     *
     * @param mostMib most MiB of the file
     * @throws BadFileException if it is missing, holds anything else, or is larger
     * @throws IOException if it cannot be read
     */
    public static JsonNode object(Path file, int mostMib) throws IOException {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        if (Files.size(file) > (long) mostMib * MIB) {
            throw new BadFileException(file, "expected JSON of at most " + mostMib + " MiB");
        }
        try {
            return object(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    /**
     * Reads one object from a place in a file.
     *
     * @param place in the file, for messages
     * @throws BadFileException if it is anything else
     */
    public static JsonNode object(Path file, String place, byte[] bytes) {
        try {
            return object(bytes);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, place, e.getMessage());
        }
    }

    /**
     * Reads one object that stands in no file.
     *
     * @param bytes in UTF-8
     * @throws IllegalArgumentException in one line if it is anything else
     */
    public static JsonNode object(byte[] bytes) {
        JsonNode node;
        try {
            node = STRICT.readTree(bytes);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            // Bytes that look like UTF-32 and are none are no fault of JSON to the library, but one of characters.
            throw new IllegalArgumentException("not JSON: " + e.getMessage());
        }
        if (node == null || !node.isObject()) throw new IllegalArgumentException("expected a JSON object");
        return node;
    }
}
