package sparrow.study.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * The body of a request. The bytes are not copied.
 *
 * @param type HTTP content type
 */
public record Content(String type, byte[] bytes) {
    /** Creates a request body from a JSON object. */
    public static Content json(ObjectNode object) {
        return new Content("application/json", object.toString().getBytes(StandardCharsets.UTF_8));
    }
}
