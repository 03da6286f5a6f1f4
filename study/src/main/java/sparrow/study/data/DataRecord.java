package sparrow.study.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sparrow.engine.weights.BadFileException;

/**
 * One record of a file, whatever its format: values by name, typed when they are asked for or refused.
 *
 * @param file where it lies
 * @param place where in the file, as a person looks for it
 * @param number counted from 1
 * @param values an object
 */
record DataRecord(Path file, String place, long number, JsonNode values) {
    /** A string that is not blank. */
    String text(String key) {
        return optionalText(key).orElseThrow(() -> wrong(key, "text"));
    }

    /** A string; empty where the key is missing, null or blank. */
    Optional<String> optionalText(String key) {
        JsonNode value = values.path(key);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (!value.isTextual()) throw wrong(key, "text");
        return Optional.of(value.textValue().strip()).filter(text -> !text.isEmpty());
    }

    /** A list of strings, at least one; blank ones are left out. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : values.path(key)) {
            if (!element.isTextual()) throw wrong(key, "a list of texts");
            if (!element.textValue().isBlank()) texts.add(element.textValue().strip());
        }
        if (!values.path(key).isArray() || texts.isEmpty()) throw wrong(key, "a list of texts");
        return texts;
    }

    boolean has(String key) {
        return values.has(key);
    }

    /** The object that a key holds. */
    DataRecord child(String key) {
        if (!values.path(key).isObject()) throw wrong(key, "an object");
        return new DataRecord(file, place, number, values.get(key));
    }

    /** A name for a record that has none: its number, with zeros so that names sort as the records do. */
    String numberAsId() {
        return "%06d".formatted(number);
    }

    /** The file beside this one that the record names; it must not lead out of the folder. */
    Path beside(String key, String name) {
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

    BadFileException wrong(String key, String expected) {
        JsonNode found = values.path(key);
        return wrong(key + ": expected " + expected + ", found " + (found.isMissingNode() ? "none" : shortened(found)));
    }

    BadFileException wrong(String fault) {
        return new BadFileException(file, place, fault);
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
