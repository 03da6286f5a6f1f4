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
 * A record of a file in any format: values by name, whose types are checked by the accessors.
 *
 * @param file the file
 * @param place position in the file, as described in messages
 * @param number number of the record, from 1
 * @param values JSON object
 */
public record DataRecord(Path file, String place, long number, JsonNode values) {
    /**
     * Parses a line of a JSON-lines file.
     *
     * @param line line number, from 1
     * @throws BadFileException if the line is not a single object, or contains a duplicate key
     */
    public static DataRecord ofLine(Path file, int line, String text) {
        String place = "line " + line;
        JsonNode values =
                StrictJson.object(file, place, text.getBytes(StandardCharsets.UTF_8), StrictJson.Bounds.MESSAGE);
        return new DataRecord(file, place, line, values);
    }

    /** Returns a string, which must not be blank. */
    public String text(String key) {
        return optionalText(key).orElseThrow(() -> wrong(key, "text"));
    }

    /** Returns a string, or empty if it is missing, null or blank. */
    public Optional<String> optionalText(String key) {
        JsonNode value = values.path(key);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (!value.isTextual()) throw wrong(key, "text");
        return Optional.of(value.textValue().strip()).filter(text -> !text.isEmpty());
    }

    /** Returns a list of one or more strings, none of which is blank. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : values.path(key)) {
            if (!element.isTextual()) throw wrong(key, "a list of texts");
            if (!element.textValue().isBlank()) texts.add(element.textValue().strip());
        }
        if (!values.path(key).isArray() || texts.isEmpty()) throw wrong(key, "a list of texts");
        return texts;
    }

    /** Returns a list of one or more non-negative integers. */
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

    /** Returns whether a key has a value. */
    public boolean has(String key) {
        return values.has(key);
    }

    /** Returns the object with the given key. */
    public DataRecord child(String key) {
        if (!values.path(key).isObject()) throw wrong(key, "an object");
        return new DataRecord(file, place, number, values.get(key));
    }

    /**
     * Returns the record's number as an id for records without an id, padded with zeros so that ids sort in record
     * order.
     */
    public String numberAsId() {
        return "%06d".formatted(number);
    }

    /**
     * Returns the path of a file that the record refers to, relative to this file's folder. The path must not leave the
     * folder.
     */
    public Path beside(String key, String name) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path target;
        try {
            target = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw wrong(key, "the name of a file");
        }
        if (!target.startsWith(folder)) throw wrong(key, "a path within the folder");
        return target;
    }

    /** Creates the exception for an invalid value. */
    public BadFileException wrong(String key, String expected) {
        JsonNode found = values.path(key);
        return wrong(key + ": expected " + expected + ", found " + (found.isMissingNode() ? "none" : shortened(found)));
    }

    /** Creates the exception for an invalid record. */
    public BadFileException wrong(String fault) {
        return new BadFileException(file, place, fault);
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
