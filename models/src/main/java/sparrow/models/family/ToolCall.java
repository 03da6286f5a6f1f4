package sparrow.models.family;

import java.nio.charset.StandardCharsets;
import sparrow.formats.weights.StrictJson;

/**
 * A call of a {@link Tool}.
 *
 * @param name of the tool
 * @param arguments a JSON object, as the model wrote it
 */
public record ToolCall(String name, String arguments) {
    /** @throws IllegalArgumentException in one line if the arguments are no JSON object */
    public ToolCall {
        try {
            StrictJson.object(arguments.getBytes(StandardCharsets.UTF_8), StrictJson.Bounds.CONFIGURATION);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("arguments: " + e.getMessage(), e);
        }
    }
}
