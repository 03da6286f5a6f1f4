package sparrow.models.family;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.formats.JsonFile;

/**
 * The layout of a family's checkpoint folders. A {@code config.json} names the family, either in the folder itself or
 * in a language model folder inside it.
 *
 * @param key the key that names the family
 * @param value the key's value, or one element of its list of values
 * @param languageModelFolders folders inside the checkpoint that may contain the file instead; often empty
 */
public record Layout(String key, String value, List<String> languageModelFolders) {
    /** File name of the configuration. */
    public static final String CONFIG = "config.json";

    public Layout {
        languageModelFolders = List.copyOf(languageModelFolders);
    }

    /**
     * Returns whether a folder has this layout.
     *
     * @throws sparrow.formats.BadFileException if its {@code config.json} is not a JSON object, or the key's value is
     *     not a string or a list of strings
     * @throws IOException if the file cannot be read
     */
    public boolean matches(Path folder) throws IOException {
        Optional<Path> config = config(folder);
        if (config.isEmpty()) return false;
        JsonFile json = JsonFile.read(config.get());
        return json.has(key) && json.strings(key).contains(value);
    }

    /**
     * Returns the {@code config.json} of a folder or of a language model folder inside it, without checking its
     * content.
     */
    public Optional<Path> config(Path folder) {
        return Stream.concat(Stream.of(folder), languageModelFolders.stream().map(folder::resolve))
                .map(parent -> parent.resolve(CONFIG))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
