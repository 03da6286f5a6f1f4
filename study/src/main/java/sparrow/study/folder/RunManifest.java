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
 * The settings of a run as a JSON object, which contains exactly the values that determine its results. A run is
 * resumed only with equal settings.
 *
 * @param json values by name
 */
public record RunManifest(JsonNode json) {
    private static final String NUMERICS = "arithmetic";

    /** Maximum length of a value in an error message, in characters. */
    private static final int SHOWN = 80;

    /** Converts a record of settings. */
    public static RunManifest of(Object settings) {
        return new RunManifest(RunJson.tree(settings));
    }

    /**
     * Reads the settings in a file.
     *
     * @throws BadFileException if the file does not contain a JSON object
     * @throws IOException if the file cannot be read
     */
    public static RunManifest read(Path file) throws IOException {
        try {
            return parse(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    /**
     * Parses the text of a settings file.
     *
     * @throws BadFileException if the text is not a JSON object
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

    /** Writes the settings to a file atomically. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.write(file, toString());
    }

    /**
     * Resumes the run of a file, and adds this machine's numerics to the file.
     *
     * @return the new content of the file
     * @throws BadFileException if a setting differs; the message contains the first difference
     * @throws IOException if the file cannot be read or written
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
     * @param file file of this manifest, for messages
     * @param requested the settings of the resumed run
     * @throws BadFileException if a setting differs; the message contains the first difference
     */
    public RunManifest resumed(Path file, RunManifest requested, MixedNumerics mixedNumerics) {
        requireSame(file, "", json, requested.json);
        if (!requested.json.has(NUMERICS)) return this;
        String here = requested.text(file, NUMERICS);
        List<String> all = new ArrayList<>(numerics(file));
        if (all.contains(here)) return this;
        if (mixedNumerics == MixedNumerics.REFUSED) {
            throw new BadFileException(
                    file,
                    NUMERICS,
                    "this run was started with \"" + String.join("\" and \"", all) + "\", this machine computes with \""
                            + here
                            + "\"; resume it on the original machine, or with --set allow-mixed-numerics=true, which"
                            + " mixes results that differ in their last bits");
        }
        all.add(here);
        ObjectNode mixed = json.deepCopy();
        mixed.set(NUMERICS, RunJson.tree(all));
        return new RunManifest(mixed);
    }

    /**
     * Returns the numerics of the run's results ({@link sparrow.models.SpokenModel#numerics}): a single element, unless
     * the run was resumed with {@link MixedNumerics#ALLOWED}.
     *
     * @param file file of this manifest, for messages
     * @throws BadFileException if the value is neither a string nor a list of strings
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

    /**
     * Compares settings in the order of the earlier settings. Numerics are skipped, because they have a separate rule.
     */
    private static void requireSame(Path file, String place, JsonNode before, JsonNode now) {
        if (before.isObject() && now.isObject()) {
            Set<String> keys = new LinkedHashSet<>();
            before.fieldNames().forEachRemaining(keys::add);
            now.fieldNames().forEachRemaining(keys::add);
            if (place.isEmpty()) keys.remove(NUMERICS);
            for (String key : keys) {
                requireSame(file, place.isEmpty() ? key : place + "." + key, before.path(key), now.path(key));
            }
        } else if (before.isArray() && now.isArray()) {
            for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
                requireSame(file, place + "[" + i + "]", before.path(i), now.path(i));
            }
        } else if (!before.toString().equals(now.toString())) {
            // Values are compared as text, because the class of a parsed number may differ from the class of the
            // original number.
            throw new BadFileException(
                    file,
                    place,
                    "this run was started with " + shown(before) + ", expected the same, got " + shown(now)
                            + "; use another folder for other settings");
        }
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) return "none";
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /**
     * Returns a setting that is a whole number of at least {@code least}.
     *
     * @throws BadFileException if the value is missing or invalid
     */
    public int integer(Path file, String key, int least) {
        JsonNode value = json.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw new BadFileException(file, key, "expected a whole number of " + least + " or more, found " + value);
        }
        return value.intValue();
    }

    /**
     * Returns a setting that is a string.
     *
     * @throws BadFileException if the value is missing or invalid
     */
    public String text(Path file, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual()) throw new BadFileException(file, key, "expected a text, found " + value);
        return value.textValue();
    }

    /** Returns the JSON text with a final newline. */
    @Override
    public String toString() {
        return RunJson.text(json);
    }
}
