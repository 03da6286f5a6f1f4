package sparrow.models.family;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.models.config.JsonConfig;

/**
 * The look of a family's checkpoint folders: a {@code config.json} that names the family, in the folder itself or in
 * one for the language model.
 *
 * @param key of that file that names it
 * @param value of the key, or one of a list of values
 * @param languageModelFolders names of folders inside the checkpoint that it may lie in instead; often none
 */
public record Layout(String key, String value, List<String> languageModelFolders) {
    /** The file. */
    public static final String CONFIG = "config.json";

    public Layout {
        languageModelFolders = List.copyOf(languageModelFolders);
    }

    /**
     * True if a folder looks so.
     *
     * @throws sparrow.formats.weights.BadFileException if its {@code config.json} is no JSON object, or the key is no string
     * @throws IOException if the file cannot be read
     */
    public boolean fits(Path folder) throws IOException {
        Optional<Path> config = config(folder);
        if (config.isEmpty()) return false;
        JsonConfig json = JsonConfig.read(config.get());
        return json.has(key) && json.strings(key).contains(value);
    }

    /** The {@code config.json} of a folder, of any content: its own before one further inside. */
    public Optional<Path> config(Path folder) {
        return Stream.concat(Stream.of(folder), languageModelFolders.stream().map(folder::resolve))
                .map(place -> place.resolve(CONFIG))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
