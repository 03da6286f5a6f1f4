package sparrow.cluster;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads Spark's settings from a file in the format of {@code spark-submit --properties-file}: one key and value per
 * line.
 */
public final class SparkProperties {
    /** Key of the secret shared by the processes of a cluster. */
    static final String SECRET = "spark.authenticate.secret";

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SparkProperties() {}

    /**
     * Reads a file.
     *
     * @return the settings by key
     * @throws IllegalArgumentException if the file has a key that is not a Spark setting, or has a secret and is
     *     readable by other users
     */
    public static Map<String, String> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": expected lines of key and value (" + e.getMessage() + ")", e);
        }
        Map<String, String> settings = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (!key.startsWith("spark.")) {
                throw new IllegalArgumentException(
                        file + ": expected keys that begin with spark., found \"" + key + "\"");
            }
            settings.put(key, properties.getProperty(key).strip());
        }
        if (settings.containsKey(SECRET) && isOpenToOthers(file)) {
            throw new IllegalArgumentException(file + ": has " + SECRET
                    + " and can be read by others; expected mode 600 (chmod 600 " + file + ")");
        }
        return settings;
    }

    private static boolean isOpenToOthers(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) return false;
        return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    }

    /**
     * Reads {@code KEY=VALUE}.
     *
     * @throws IllegalArgumentException if the text has another form, or is a secret, because all users of a machine can
     *     read its command lines
     */
    public static Map.Entry<String, String> parse(String pair) {
        int at = pair.indexOf('=');
        if (at < 0 || !pair.startsWith("spark.")) {
            String shown = pair.startsWith(SECRET) ? SECRET : pair;
            throw new IllegalArgumentException("expected spark.KEY=VALUE, got \"" + shown + "\"");
        }
        String key = pair.substring(0, at).strip();
        if (key.equals(SECRET)) {
            throw new IllegalArgumentException(SECRET
                    + " does not belong on a command line, which others on this machine can read: put it into a file of mode"
                    + " 600 (--set spark-properties)");
        }
        return Map.entry(key, pair.substring(at + 1).strip());
    }
}
