package sparrow.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import sparrow.engine.exit.ExitPlan;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.StrictJson;

/**
 * A JSON configuration file of a checkpoint. Values are returned typed; messages for invalid values name file and key.
 */
public final class JsonConfig {
    private final Path file;
    private final JsonNode root;

    /** Keys of the enclosing objects, each followed by a dot; empty for the whole file. */
    private final String prefix;

    private JsonConfig(Path file, JsonNode root, String prefix) {
        this.file = file;
        this.root = root;
        this.prefix = prefix;
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if it is missing, not a JSON object, or has duplicate keys
     * @throws IOException if it cannot be read
     */
    public static JsonConfig read(Path file) throws IOException {
        return new JsonConfig(file, StrictJson.object(file, StrictJson.Bounds.CONFIGURATION), "");
    }

    /**
     * Returns a configuration built from the metadata of a file.
     *
     * @param file file of the metadata, for messages
     */
    public static JsonConfig of(Path file, ObjectNode root) {
        return new JsonConfig(file, root, "");
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns the object under a key; messages name its keys as {@code key.inner}. */
    public JsonConfig section(String key) {
        JsonNode value = required(key);
        if (!value.isObject()) throw wrong(key, "an object");
        return new JsonConfig(file, value, prefix + key + ".");
    }

    /** Returns true if a key is present and not null. */
    public boolean has(String key) {
        return root.hasNonNull(key);
    }

    /** Returns a whole number of 1 or more. */
    public int positive(String key) {
        JsonNode value = required(key);
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw wrong(key, "a whole number of 1 or more");
        }
        return value.intValue();
    }

    /** Returns a finite number. */
    public double number(String key) {
        JsonNode value = required(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) throw wrong(key, "a number");
        return value.doubleValue();
    }

    /** Returns a finite number, or {@code absent} if the key is missing. */
    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    /** Returns the epsilon of a norm, a finite f32 of 0 or more. */
    public float epsilon(String key) {
        float value = (float) number(key);
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) throw wrong(key, "a number of 0 or more");
        return value;
    }

    /**
     * Returns a number of layers. It is bounded by the number of tensors, so that a wrong number does not cause huge
     * allocations.
     *
     * @throws BadFileException if it is larger than the checkpoint's number of tensors
     */
    public int layers(String key, Checkpoint checkpoint) {
        int layers = positive(key);
        int tensors = checkpoint.names().size();
        if (layers > tensors) throw wrong(key, "at most one layer for each of " + tensors + " tensors");
        return layers;
    }

    /** Returns a boolean. */
    public boolean flag(String key) {
        JsonNode value = required(key);
        if (!value.isBoolean()) throw wrong(key, "true or false");
        return value.booleanValue();
    }

    /** Returns a string, or empty if the key is missing. */
    public Optional<String> text(String key) {
        if (!has(key)) return Optional.empty();
        if (!root.get(key).isTextual()) throw wrong(key, "a string");
        return Optional.of(root.get(key).textValue());
    }

    /** Returns an exit plan in the notation of {@link ExitPlan#parse}. */
    public ExitPlan exitPlan(String key) {
        String text = text(key).orElseThrow(() -> wrong(key, "exits, such as even:12"));
        try {
            return ExitPlan.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(key, "exits, such as even:12 (" + e.getMessage() + ")");
        }
    }

    /** Returns the keys and values of this object as text; the values must be strings, numbers or booleans. */
    public SequencedMap<String, String> scalars() {
        SequencedMap<String, String> scalars = new LinkedHashMap<>();
        root.properties().forEach(entry -> {
            if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                throw wrong(entry.getKey(), "a string, a number, true or false");
            }
            scalars.put(entry.getKey(), entry.getValue().asText());
        });
        return scalars;
    }

    /** Returns the keys and values of this object; the values must be strings. */
    public SequencedMap<String, String> texts() {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        root.fieldNames().forEachRemaining(key -> texts.put(key, text(key).orElseThrow(() -> wrong(key, "a string"))));
        return texts;
    }

    /**
     * Checks that the object has no other keys, so that a misspelt setting is not silently ignored.
     *
     * @throws BadFileException if there is another key
     */
    public void expectOnly(Set<String> keys) {
        root.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw new BadFileException(
                        file, prefix + key, "expected no keys but " + String.join(", ", new TreeSet<>(keys)));
            }
        });
    }

    /** Returns a list of whole numbers; a single number is a list of one. */
    public List<Integer> integers(String key) {
        JsonNode value = required(key);
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            if (!element.canConvertToInt() || !element.isIntegralNumber()) throw wrong(key, "whole numbers");
            numbers.add(element.intValue());
        }
        return numbers;
    }

    /** Returns a list of strings; a single string is a list of one. */
    public List<String> strings(String key) {
        JsonNode value = required(key);
        List<String> strings = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            if (!element.isTextual()) throw wrong(key, "a list of strings");
            strings.add(element.textValue());
        }
        return strings;
    }

    /**
     * Creates a record of sizes from values of this object. If its constructor throws an {@link
     * IllegalArgumentException}, whose message begins with the key, the exception thrown here also names the file.
     *
     * @throws BadFileException if the constructor refuses the values
     */
    public <T> T sizes(Supplier<T> constructor) {
        return sizes(file, prefix, constructor);
    }

    /** @param prefix keys of the enclosing objects, each followed by a dot */
    static <T> T sizes(Path file, String prefix, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (BadFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, prefix + e.getMessage());
        }
    }

    /**
     * Checks that a key has the only supported value.
     *
     * @throws BadFileException if the key is missing or has another value
     */
    public void expect(String key, Object value) {
        JsonNode found = required(key);
        if (!found.asText().equals(String.valueOf(value))) throw wrong(key, String.valueOf(value));
    }

    /** Checks that a key has the only supported value or is missing. */
    public void expectIfPresent(String key, Object value) {
        if (has(key)) expect(key, value);
    }

    /** Returns an exception for a key's value. */
    public BadFileException wrong(String key, String expected) {
        return new BadFileException(file, prefix + key, "expected " + expected + ", found " + root.path(key));
    }

    private JsonNode required(String key) {
        if (!has(key)) throw new BadFileException(file, prefix + key, "is missing");
        return root.get(key);
    }
}
