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
 * Results of a run, one JSON file an item. A result is written at once; a run that is resumed reads the results that are
 * there and computes only the rest. Several threads may write different items.
 *
 * @param <T> a record that {@link RunJson} writes and reads
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
     * The result of an item; empty if there is none, or if the file was cut, as by a crash: then it is computed again.
     *
     * @param names folders and item, from the outside in
     * @throws BadFileException if the file holds JSON of anything else: somebody changed it
     * @throws IOException if the file is there and cannot be read
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
     * Keeps the result of an item, whole or not at all.
     *
     * @param names as {@link #read} takes them
     */
    public void write(T result, String... names) throws IOException {
        Path file = file(".json", names);
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, RunJson.text(result));
    }

    /**
     * The place of a file of another format beside an item's JSON.
     *
     * @param ending of its name: {@code .wav}
     * @param names as {@link #read} takes them
     * @throws IllegalArgumentException if a name is not fit to be a file's
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

    /** A name made fit to be that of a file: other characters become hyphens. */
    public static String name(String text) {
        String fit = text.replaceAll("[^A-Za-z0-9._+=-]", "-").replaceAll("^\\.", "-");
        return fit.isEmpty() ? "-" : fit.substring(0, Math.min(fit.length(), 200));
    }
}
