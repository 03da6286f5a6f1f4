package sparrow.study.folder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;

/**
 * Results of a run, with one JSON file per item. A result is stored immediately. A resumed run reads the stored results
 * and computes only missing results. Different threads may write different items concurrently.
 *
 * @param <T> a record that {@link RunJson} can write and read
 */
public final class ItemFiles<T> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+=-][A-Za-z0-9._+=-]{0,199}");

    private final Path folder;
    private final Class<T> type;

    ItemFiles(Path folder, Class<T> type) {
        this.folder = folder;
        this.type = type;
    }

    /**
     * Returns the result of an item, or empty if there is no result. A file truncated by a crash counts as missing, so
     * that the result is computed again.
     *
     * @param names names of the folders and the item, from the outermost folder inwards
     * @throws BadFileException if the file contains other JSON, which means that it was modified
     * @throws IOException if an existing file cannot be read
     */
    public Optional<T> read(String... names) throws IOException {
        Path file = file(".json", names);
        JsonNode json;
        try {
            json = RunJson.tree(Files.readAllBytes(file));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
        return json.isMissingNode() || json.isNull() ? Optional.empty() : Optional.of(RunJson.read(file, json, type));
    }

    /**
     * Stores the result of an item atomically.
     *
     * @param names names as in {@link #read}
     */
    public void write(T result, String... names) throws IOException {
        Path file = file(".json", names);
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, RunJson.text(result));
    }

    /**
     * Returns the path of a file in another format, in the folder of an item's JSON file.
     *
     * @param ending extension, such as {@code .wav}
     * @param names names as in {@link #read}
     * @throws IllegalArgumentException if a name is not a valid file name
     */
    public Path file(String ending, String... names) {
        Path path = folder;
        for (int i = 0; i < names.length; i++) {
            if (!NAME.matcher(names[i]).matches()) {
                throw new IllegalArgumentException(
                        "name of an item: expected letters, digits and . _ + = -, got " + names[i]);
            }
            path = path.resolve(i < names.length - 1 ? names[i] : names[i] + ending);
        }
        return path;
    }

    /** Converts text to a valid file name by replacing invalid characters with hyphens. */
    public static String name(String text) {
        String fit = text.replaceAll("[^A-Za-z0-9._+=-]", "-").replaceAll("^\\.", "-");
        return fit.isEmpty() ? "-" : fit.substring(0, Math.min(fit.length(), 200));
    }
}
