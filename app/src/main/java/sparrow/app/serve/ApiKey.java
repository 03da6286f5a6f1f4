package sparrow.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a server's API key. The key is never passed as an argument, because other processes could read the argument,
 * and is never included in messages.
 */
public final class ApiKey {
    /** Environment variable that may contain the key. */
    public static final String VARIABLE = "SPARROW_API_KEY";

    private ApiKey() {}

    /**
     * Returns the key from a file or, if there is no file, from the environment. Returns empty if there is no key.
     *
     * @param file the file that contains the key, or null
     * @throws IllegalArgumentException if the key contains characters that are invalid in a header
     * @throws IOException if the file cannot be read
     */
    public static Optional<String> find(Path file) throws IOException {
        if (file != null) return Optional.of(checked(Files.readString(file).strip(), file.toString()));
        return Optional.ofNullable(System.getenv(VARIABLE))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .map(key -> checked(key, VARIABLE));
    }

    private static String checked(String key, String place) {
        if (key.isEmpty()) throw new IllegalArgumentException(place + ": expected a key, found nothing");
        if (key.chars().allMatch(letter -> letter > ' ' && letter <= '~')) return key;
        throw new IllegalArgumentException(place
                + ": expected a key, one line of letters, digits and signs without a space, found something else");
    }
}
