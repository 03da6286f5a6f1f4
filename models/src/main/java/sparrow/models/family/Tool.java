package sparrow.models.family;

import java.util.Optional;

/**
 * A function that a model may call.
 *
 * @param name letters, digits, {@code _} and {@code -}
 * @param description description for the model, if any
 * @param parameters JSON schema of the arguments, an object; empty if the function takes none
 */
public record Tool(String name, Optional<String> description, Optional<String> parameters) {}
