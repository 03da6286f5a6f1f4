package sparrow.models.family;

import java.util.Optional;

/**
 * A function that a model may call.
 *
 * @param name a name that consists of letters, digits, {@code _} and {@code -}
 * @param description a description for the model, or empty if there is none
 * @param parameters the JSON schema of the arguments, an object, or empty if the function has no parameters
 */
public record Tool(String name, Optional<String> description, Optional<String> parameters) {}
