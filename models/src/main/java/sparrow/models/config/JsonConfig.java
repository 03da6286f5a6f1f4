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

/** A JSON configuration file of a checkpoint: values come out typed, or refused with file and key named. */
public final class JsonConfig {
    private final Path file;
    private final JsonNode root;

    /** Keys around this object, each followed by a dot; empty for the whole file. */
    private final String around;

    private JsonConfig(Path file, JsonNode root, String around) {
        this.file = file;
        this.root = root;
        this.around = around;
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if it is missing or not one JSON object in which every key occurs once
     * @throws IOException if it cannot be read
     */
    public static JsonConfig read(Path file) throws IOException {
        return new JsonConfig(file, StrictJson.object(file, StrictJson.Bounds.CONFIGURATION), "");
    }

    /**
     * Returns the configuration that the metadata of a file stand for.
     *
     * @param file that they were read from, for messages
     */
    public static JsonConfig of(Path file, ObjectNode root) {
        return new JsonConfig(file, root, "");
    }

    /** Returns the file, for messages. */
    public Path file() {
        return file;
    }

    /** Returns the object under a key; messages name its keys as {@code key.inner}. */
    public JsonConfig section(String key) {
        JsonNode value = required(key);
        if (!value.isObject()) throw wrong(key, "an object");
        return new JsonConfig(file, value, around + key + ".");
    }

    /** Returns true if a key is there and not null. */
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

    /** Returns a finite number, or {@code absent} where the key is missing. */
    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    /** Returns the small number in the root of a norm: a finite f32 of 0 or more. */
    public float epsilon(String key) {
        float value = (float) number(key);
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) throw wrong(key, "a number of 0 or more");
        return value;
    }

    /**
     * Returns a number of layers, held against the weights. Every layer has tensors: more layers than the checkpoint
     * has tensors are no number to make names up to.
     *
     * @throws BadFileException if there are more
     */
    public int layers(String key, Checkpoint checkpoint) {
        int layers = positive(key);
        int tensors = checkpoint.names().size();
        if (layers > tensors) throw wrong(key, "at most one layer for each of " + tensors + " tensors");
        return layers;
    }

    /** true or false. */
    public boolean flag(String key) {
        JsonNode value = required(key);
        if (!value.isBoolean()) throw wrong(key, "true or false");
        return value.booleanValue();
    }

    /** Returns a string, where the key is there. */
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

    /**
     * Returns the keys of this object with their values, all of which are strings, numbers or truth values, as text.
     */
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

    /** Returns the keys of this object with their values, all of which are strings. */
    public SequencedMap<String, String> texts() {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        root.fieldNames().forEachRemaining(key -> texts.put(key, text(key).orElseThrow(() -> wrong(key, "a string"))));
        return texts;
    }

    /**
     * Refuses keys that mean nothing here: one that was misspelt would be a setting that is silently not followed.
     *
     * @throws BadFileException if there is any other key
     */
    public void expectOnly(Set<String> keys) {
        root.fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw new BadFileException(
                        file, around + key, "expected no keys but " + String.join(", ", new TreeSet<>(keys)));
            }
        });
    }

    /** Returns a list of whole numbers; one number alone counts as a list of one. */
    public List<Integer> integers(String key) {
        JsonNode value = required(key);
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            if (!element.canConvertToInt() || !element.isIntegralNumber()) throw wrong(key, "whole numbers");
            numbers.add(element.intValue());
        }
        return numbers;
    }

    /** Strings: a list of them, or one alone. */
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
     * Makes sizes of the values of this object. A refusal of theirs, which begins with the key, becomes one that names the file.
     *
     * @throws BadFileException if the sizes are refused
     */
    public <T> T sizes(Supplier<T> making) {
        return sizes(file, around, making);
    }

    /** @param around keys around those of the sizes, each followed by a dot */
    static <T> T sizes(Path file, String around, Supplier<T> making) {
        try {
            return making.get();
        } catch (BadFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, around + e.getMessage());
        }
    }

    /**
     * Refuses a value other than the one that is implemented.
     *
     * @throws BadFileException if the key is missing or holds another value
     */
    public void expect(String key, Object value) {
        JsonNode found = required(key);
        if (!found.asText().equals(String.valueOf(value))) throw wrong(key, String.valueOf(value));
    }

    /** Like {@link #expect}, but a missing key is fine. */
    public void expectIfPresent(String key, Object value) {
        if (has(key)) expect(key, value);
    }

    /** Returns the refusal of a key's value. */
    public BadFileException wrong(String key, String expected) {
        return new BadFileException(file, around + key, "expected " + expected + ", found " + root.path(key));
    }

    private JsonNode required(String key) {
        if (!has(key)) throw new BadFileException(file, around + key, "is missing");
        return root.get(key);
    }
}
