package sparrow.models.family;

import java.util.Optional;

/**
 * A function that a model may call.
 *
 * @param name letters, digits, {@code _} and {@code -}
 * @param description for the model; empty if the name says it all
 * @param parameters JSON schema of the arguments, an object; empty if there are none
 */
public record Tool(String name, Optional<String> description, Optional<String> parameters) {}
