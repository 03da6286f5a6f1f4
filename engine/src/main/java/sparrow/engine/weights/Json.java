package sparrow.engine.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;

/** Reads JSON that was not written with care: a key given twice, or anything after the end, is a fault. */
final class Json {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Reads one object.
     *
     * @param what place in the file, for messages
     * @throws BadFileException if it is anything else
     */
    static JsonNode object(Path file, String what, byte[] bytes) {
        try {
            JsonNode node = STRICT.readTree(bytes);
            if (node == null || !node.isObject()) throw new BadFileException(file, what, "expected a JSON object");
            return node;
        } catch (JacksonException e) {
            throw new BadFileException(file, what, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadFileException(file, what, "unreadable: " + e.getMessage());
        }
    }
}
