package sparrow.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the API key of a server. A key is never an argument, which other processes could read, and never part of a
 * message.
 */
public final class ApiKey {
    /** The environment variable that may contain the key. */
    public static final String VARIABLE = "SPARROW_API_KEY";

    private ApiKey() {}

    /**
     * Returns the key in a file or, without a file, in the environment; empty if there is none.
     *
     * @param file file with the key, or null
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
