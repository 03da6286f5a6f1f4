package sparrow.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The key of a server: never on the command line, where every process could read it, and never in a message. */
public final class ApiKey {
    /** The environment variable that may hold it. */
    public static final String VARIABLE = "SPARROW_API_KEY";

    private ApiKey() {}

    /**
     * The key in a file, else in the environment, else none.
     *
     * @param file null if none was named
     * @throws IllegalArgumentException if it is no key that a header can carry
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
