package sparrow.study.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.formats.weights.AtomicFile;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.StrictJson;

/**
 * The settings of a run, as a JSON object: all values that decide about its results, and no others. A run is resumed only
 * with the same settings.
 *
 * @param json value by name
 */
public record RunManifest(JsonNode json) {
    /** Those of a record. */
    public static RunManifest of(Object settings) {
        return new RunManifest(RunJson.tree(settings));
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if it holds no JSON object
     * @throws IOException if it cannot be read
     */
    public static RunManifest read(Path file) throws IOException {
        try {
            return parse(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    /**
     * Reads a text that a file holds.
     *
     * @throws BadFileException if it is no JSON object
     */
    public static RunManifest parse(Path file, String text) {
        try {
            JsonNode json = RunJson.tree(text.getBytes(StandardCharsets.UTF_8));
            if (json.isObject()) return new RunManifest(json);
        } catch (JacksonException e) {
            throw new BadFileException(file, "not JSON: " + StrictJson.fault(e));
        }
        throw new BadFileException(file, "expected a JSON object");
    }

    /** Writes the file, whole or not at all. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.write(file, toString());
    }

    /**
     * Resumes the run of a file, which then names the numerics of the earlier part and of this machine.
     *
     * @return the manifest that the file holds now
     * @throws BadFileException naming the first setting of the file that differs from these
     * @throws IOException if it cannot be read or written
     */
    public RunManifest resume(Path file, MixedNumerics mixedNumerics) throws IOException {
        RunManifest kept = read(file);
        RunManifest now = kept.resumed(file, this, mixedNumerics);
        if (!now.equals(kept)) now.write(file);
        return now;
    }

    /**
     * This manifest once its run is resumed.
     *
     * @param file that holds this manifest, for the message
     * @param asked the settings with which the run is to be resumed
     * @throws BadFileException naming the first setting that differs
     */
    public RunManifest resumed(Path file, RunManifest asked, MixedNumerics mixedNumerics) {
        SettingsDifference.first(json, asked.json).ifPresent(difference -> {
            throw new BadFileException(file, difference.place(), difference.inWords());
        });
        return mixedNumerics.manifest(file, this, asked);
    }

    RunManifest with(String key, JsonNode value) {
        ObjectNode changed = json.deepCopy();
        changed.set(key, value);
        return new RunManifest(changed);
    }

    /**
     * A whole number of at least {@code least}.
     *
     * @throws BadFileException if there is none
     */
    public int integer(Path file, String key, int least) {
        JsonNode value = json.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw new BadFileException(file, key, "expected a whole number of " + least + " or more, found " + value);
        }
        return value.intValue();
    }

    /**
     * A text.
     *
     * @throws BadFileException if there is none
     */
    public String text(Path file, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual()) throw new BadFileException(file, key, "expected a text, found " + value);
        return value.textValue();
    }

    /** The JSON text, a newline at its end. */
    @Override
    public String toString() {
        return RunJson.text(json);
    }
}
