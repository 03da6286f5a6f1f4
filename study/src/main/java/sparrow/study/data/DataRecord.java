package sparrow.study.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.formats.BadFileException;
import sparrow.formats.StrictJson;

/**
 * One record of a file, whatever its format: values by name, typed when they are asked for or refused.
 *
 * @param file where it lies
 * @param place where in the file, as a person looks for it
 * @param number counted from 1
 * @param values an object
 */
public record DataRecord(Path file, String place, long number, JsonNode values) {
    /**
     * A line of a file of JSON lines.
     *
     * @param line its number, from 1
     * @throws BadFileException if it is not one object, or has a key twice
     */
    public static DataRecord ofLine(Path file, int line, String text) {
        String place = "line " + line;
        JsonNode values =
                StrictJson.object(file, place, text.getBytes(StandardCharsets.UTF_8), StrictJson.Bounds.CONFIGURATION);
        return new DataRecord(file, place, line, values);
    }

    /** A string that is not blank. */
    public String text(String key) {
        return optionalText(key).orElseThrow(() -> wrong(key, "text"));
    }

    /** A string; empty where the key is missing, null or blank. */
    public Optional<String> optionalText(String key) {
        JsonNode value = values.path(key);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (!value.isTextual()) throw wrong(key, "text");
        return Optional.of(value.textValue().strip()).filter(text -> !text.isEmpty());
    }

    /** A list of strings, at least one; blank ones are left out. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : values.path(key)) {
            if (!element.isTextual()) throw wrong(key, "a list of texts");
            if (!element.textValue().isBlank()) texts.add(element.textValue().strip());
        }
        if (!values.path(key).isArray() || texts.isEmpty()) throw wrong(key, "a list of texts");
        return texts;
    }

    /** A list of one or more integers, none of which is negative. */
    public int[] wholeNumbers(String key) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : values.path(key)) {
            if (!element.isInt() || element.intValue() < 0) {
                throw wrong(key + ": expected whole numbers of 0 or more, found " + element);
            }
            numbers.add(element.intValue());
        }
        if (!values.path(key).isArray() || numbers.isEmpty()) throw wrong(key, "a list of one or more");
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** True if there is a value under a key. */
    public boolean has(String key) {
        return values.has(key);
    }

    /** The object that a key holds. */
    public DataRecord child(String key) {
        if (!values.path(key).isObject()) throw wrong(key, "an object");
        return new DataRecord(file, place, number, values.get(key));
    }

    /** A name for a record that has none: its number, with zeros so that names sort as the records do. */
    public String numberAsId() {
        return "%06d".formatted(number);
    }

    /** The file beside this one that the record names; it must not lead out of the folder. */
    public Path beside(String key, String name) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path target;
        try {
            target = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw wrong(key, "the name of a file");
        }
        if (!target.startsWith(folder)) throw wrong(key, "a path inside the folder");
        return target;
    }

    /** The refusal of a value. */
    public BadFileException wrong(String key, String expected) {
        JsonNode found = values.path(key);
        return wrong(key + ": expected " + expected + ", found " + (found.isMissingNode() ? "none" : shortened(found)));
    }

    /** The refusal of the record. */
    public BadFileException wrong(String fault) {
        return new BadFileException(file, place, fault);
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
