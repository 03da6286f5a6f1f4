package sparrow.formats;

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

/**
 * An object in a JSON file. Values are returned with their types. Messages for invalid values contain the file, the
 * key, the expected value and the value found. A key argument is a key of the object or a path of keys and list indices
 * such as {@code model.merges.0}.
 */
@SuppressWarnings("exports") // modules that use a tree require Jackson anyway
public final class JsonFile {
    /** Maximum length of a value in a message, in characters. */
    private static final int MAX_QUOTED = 80;

    private final Path file;
    private final JsonNode root;

    /** Keys of the enclosing objects, each followed by a dot, or empty for the root object. */
    private final String prefix;

    private JsonFile(Path file, JsonNode root, String prefix) {
        this.file = file;
        this.root = root;
        this.prefix = prefix;
    }

    /**
     * Reads a JSON file with the size limits of a configuration.
     *
     * @throws BadFileException if the file is missing, is not a JSON object, or has duplicate keys
     * @throws IOException if the file cannot be read
     */
    public static JsonFile read(Path file) throws IOException {
        return read(file, StrictJson.Bounds.CONFIGURATION);
    }

    /**
     * Reads a JSON file with the given size limits.
     *
     * @param bounds size limits of the file
     * @throws BadFileException if the file is missing, is not a JSON object, is too large, or has duplicate keys
     * @throws IOException if the file cannot be read
     */
    public static JsonFile read(Path file, StrictJson.Bounds bounds) throws IOException {
        return new JsonFile(file, StrictJson.object(file, bounds), "");
    }

    /**
     * Returns an object built from a file's metadata.
     *
     * @param file file of the metadata, for messages
     */
    public static JsonFile of(Path file, ObjectNode root) {
        return new JsonFile(file, root, "");
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns the object at a key as a section. In messages, the section's keys have the form {@code key.inner}. */
    public JsonFile section(String key) {
        required(key);
        return new JsonFile(file, object(key), prefix + key + ".");
    }

    /** Returns whether a key is present and not null. */
    public boolean has(String key) {
        return !at(key).isMissingNode() && !at(key).isNull();
    }

    /** Returns the root object. */
    public JsonNode root() {
        return root;
    }

    /** Returns the value of a key, or a missing node if there is none. */
    public JsonNode at(String key) {
        JsonNode own = root.path(key);
        return own.isMissingNode() ? root.at("/" + key.replace('.', '/')) : own;
    }

    /** Returns the object at a key. */
    public JsonNode object(String key) {
        if (!at(key).isObject()) throw wrong(key, "an object");
        return at(key);
    }

    /** Returns the list at a key. */
    public JsonNode list(String key) {
        if (!at(key).isArray()) throw wrong(key, "a list");
        return at(key);
    }

    /** Returns the positive integer at a key. */
    public int positive(String key) {
        JsonNode value = required(key);
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw wrong(key, "a whole number of 1 or more");
        }
        return value.intValue();
    }

    /** Returns the finite number at a key. */
    public double number(String key) {
        JsonNode value = required(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) throw wrong(key, "a number");
        return value.doubleValue();
    }

    /** Returns the finite number at a key, or {@code absent} if the key is missing. */
    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    /** Returns the epsilon of a norm at a key. The value must be a finite f32 of 0 or more. */
    public float epsilon(String key) {
        float value = (float) number(key);
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) throw wrong(key, "a number of 0 or more");
        return value;
    }

    /**
     * Returns the number of layers at a key. It is bounded by the number of tensors, so that an invalid number does not
     * cause huge allocations.
     *
     * @throws BadFileException if the number is larger than {@code tensors}, the number of tensors in the checkpoint
     */
    public int layers(String key, int tensors) {
        int layers = positive(key);
        if (layers > tensors) throw wrong(key, "at most one layer for each of " + tensors + " tensors");
        return layers;
    }

    /** Returns the boolean at a key. */
    public boolean flag(String key) {
        JsonNode value = required(key);
        if (!value.isBoolean()) throw wrong(key, "true or false");
        return value.booleanValue();
    }

    /** Returns the string at a key, or empty if the key is missing. */
    public Optional<String> text(String key) {
        if (!has(key)) return Optional.empty();
        if (!at(key).isTextual()) throw wrong(key, "a string");
        return Optional.of(at(key).textValue());
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
     * Checks that the object contains no keys except the given keys, so that a misspelt setting is reported instead of
     * ignored.
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

    /** Returns the list of integers at a key. A single integer is returned as a list with one element. */
    public List<Integer> integers(String key) {
        JsonNode value = required(key);
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            if (!element.canConvertToInt() || !element.isIntegralNumber()) throw wrong(key, "whole numbers");
            numbers.add(element.intValue());
        }
        return numbers;
    }

    /** Returns the list of strings at a key. A single string is returned as a list with one element. */
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
     * Creates a configuration record from values of this object. If the record's constructor throws an
     * {@link IllegalArgumentException}, whose message begins with the key, this method adds the file name.
     *
     * @throws BadFileException if the constructor rejects the values
     */
    public <T> T validated(Supplier<T> constructor) {
        return validated(file, prefix, constructor);
    }

    /**
     * Creates a configuration record from values of an object in any file.
     *
     * @param prefix keys of the enclosing objects, each followed by a dot
     * @throws BadFileException if the constructor rejects the values
     */
    public static <T> T validated(Path file, String prefix, Supplier<T> constructor) {
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
     * @throws BadFileException if the key is missing or has a different value
     */
    public void expect(String key, Object value) {
        JsonNode found = required(key);
        if (!found.asText().equals(String.valueOf(value))) throw wrong(key, String.valueOf(value));
    }

    /** Checks that a key has the only supported value or is missing. */
    public void expectIfPresent(String key, Object value) {
        if (has(key)) expect(key, value);
    }

    /** Returns whether a value is missing or disables an option. */
    public static boolean isOff(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> true;
            case BOOLEAN -> !value.booleanValue();
            case STRING -> value.textValue().isEmpty();
            case NUMBER -> value.doubleValue() == 0;
            case ARRAY, OBJECT, BINARY, POJO -> false;
        };
    }

    /**
     * Checks that an unsupported option is disabled.
     *
     * @throws BadFileException if the option is not {@linkplain #isOff disabled}
     */
    public void expectOff(String key) {
        if (!isOff(at(key))) throw wrong(key, "this option to be off");
    }

    /** Returns an exception that reports the value at a key. */
    public BadFileException wrong(String key, String expected) {
        return wrong(key, expected, at(key));
    }

    /** Returns an exception that reports the given value at a key. */
    public BadFileException wrong(String key, String expected, JsonNode found) {
        String value = found.isMissingNode() ? "nothing" : found.toString();
        String quoted = value.length() > MAX_QUOTED ? value.substring(0, MAX_QUOTED) + "…" : value;
        return new BadFileException(file, prefix + key, "expected " + expected + ", found " + quoted);
    }

    private JsonNode required(String key) {
        if (!has(key)) throw new BadFileException(file, prefix + key, "is missing");
        return at(key);
    }
}
