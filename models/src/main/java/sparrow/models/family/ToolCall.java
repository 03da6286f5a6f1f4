package sparrow.models.family;

import java.nio.charset.StandardCharsets;
import sparrow.formats.StrictJson;

/**
 * A call to a {@link Tool}.
 *
 * @param name the tool's name
 * @param arguments a JSON object, as written by the model
 */
public record ToolCall(String name, String arguments) {
    /**
     * Creates a call.
     *
     * @throws IllegalArgumentException if the arguments are not a JSON object
     */
    public ToolCall {
        try {
            StrictJson.object(arguments.getBytes(StandardCharsets.UTF_8), StrictJson.Bounds.MESSAGE);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("arguments: " + e.getMessage(), e);
        }
    }
}
