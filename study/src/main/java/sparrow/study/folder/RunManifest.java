package sparrow.study.folder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;
import sparrow.formats.StrictJson;

/**
 * The settings of a run, as a JSON object: all values that decide about its results, and no others. A run is resumed only
 * with the same settings.
 *
 * @param json value by name
 */
public record RunManifest(JsonNode json) {
    private static final String NUMERICS = "arithmetic";

    /** Maximum number of characters of a value in an error message. */
    private static final int SHOWN = 80;

    /** The settings that a record has. */
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
     * @return the manifest that the file now has
     * @throws BadFileException naming the first setting of the file that differs from these
     * @throws IOException if it cannot be read or written
     */
    public RunManifest resume(Path file, MixedNumerics mixedNumerics) throws IOException {
        RunManifest before = read(file);
        RunManifest now = before.resumed(file, this, mixedNumerics);
        if (!now.equals(before)) now.write(file);
        return now;
    }

    /**
     * Returns this manifest after its run is resumed.
     *
     * @param file that holds this manifest, for the message
     * @param asked the settings with which the run is to be resumed
     * @throws BadFileException naming the first setting that differs
     */
    public RunManifest resumed(Path file, RunManifest asked, MixedNumerics mixedNumerics) {
        requireSame(file, "", json, asked.json);
        if (!asked.json.has(NUMERICS)) return this;
        String here = asked.text(file, NUMERICS);
        List<String> all = new ArrayList<>(numerics(file));
        if (all.contains(here)) return this;
        if (mixedNumerics == MixedNumerics.REFUSED) {
            throw new BadFileException(
                    file,
                    NUMERICS,
                    "this run was begun with \"" + String.join("\" and \"", all) + "\", this machine computes with \""
                            + here + "\"; resume where it was begun, or with --set allow-mixed-numerics=true, which"
                            + " mixes results that differ in their last bits");
        }
        all.add(here);
        ObjectNode mixed = json.deepCopy();
        mixed.set(NUMERICS, RunJson.tree(all));
        return new RunManifest(mixed);
    }

    /**
     * The numerics that computed the results of the run ({@link sparrow.models.SpokenModel#numerics}): one text as a rule, a
     * list in a run that was resumed with {@link MixedNumerics#ALLOWED}.
     *
     * @param file that holds this manifest, for the message
     * @throws BadFileException if they are neither a text nor a list of texts
     */
    public List<String> numerics(Path file) {
        JsonNode value = json.path(NUMERICS);
        if (value.isTextual()) return List.of(value.textValue());
        List<String> lines = new ArrayList<>();
        for (JsonNode line : value) if (line.isTextual()) lines.add(line.textValue());
        if (value.isArray() && !lines.isEmpty() && lines.size() == value.size()) return lines;
        throw new BadFileException(
                file,
                NUMERICS,
                "expected a text or a list of texts, found " + (value.isMissingNode() ? "none" : value));
    }

    /** Compares settings in the order of the earlier ones; numerics have a rule of their own. */
    private static void requireSame(Path file, String place, JsonNode before, JsonNode now) {
        if (before.isObject() && now.isObject()) {
            Set<String> keys = new LinkedHashSet<>();
            before.fieldNames().forEachRemaining(keys::add);
            now.fieldNames().forEachRemaining(keys::add);
            // A comparison used to keep its rows, which may change.
            if (place.isEmpty()) keys.removeAll(Set.of(NUMERICS, "rows"));
            for (String key : keys) {
                requireSame(file, place.isEmpty() ? key : place + "." + key, before.path(key), now.path(key));
            }
        } else if (before.isArray() && now.isArray()) {
            for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
                requireSame(file, place + "[" + i + "]", before.path(i), now.path(i));
            }
        } else if (!before.toString().equals(now.toString())) {
            // As text, because a number that was read has another class than the one that was written.
            throw new BadFileException(
                    file,
                    place,
                    "this run was begun with " + shown(before) + ", expected the same, got " + shown(now)
                            + "; other settings belong into another folder");
        }
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) return "none";
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
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
