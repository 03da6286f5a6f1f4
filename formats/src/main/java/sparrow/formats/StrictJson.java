package sparrow.formats;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads untrusted JSON. Duplicate keys, trailing content, and documents that would take a disproportionate amount of
 * memory are rejected.
 */
@SuppressWarnings("exports") // modules that use a tree require Jackson anyway
public final class StrictJson {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_DIGITS = 100;

    /**
     * Maximum length of a string. It equals the maximum length of a request body because a body may consist mostly of
     * one recording in base64.
     */
    private static final int MAX_STRING = 25 << 20;

    /** Parts of Jackson's messages that contain Jackson's class or feature names, or an undisclosed source. */
    private static final String JACKSON_WORDS = ", from `[^`]*`| \\([^()]* at \\[Source: .*\\)| \\(bound as `[^`]*`\\)"
            + "| for `ObjectNode`|: (?:not allowed (?:when|as per)|enable) `\\w+Feature\\.[^`]*`(?: \\w+)*"
            + "| \\(not recognized as one since .*\\)";

    /**
     * Size limits for kinds of documents. A token takes up to 100 bytes of memory and can be as short as two bytes in
     * the file. Each limit is at least four times the largest published file; docs/models.md lists both.
     */
    public enum Bounds {
        /** Messages from the network, and records of data sets. */
        MESSAGE(4, 100_000),
        /** Configurations in a model's folder. The longest lists are mel filters, 201 lists of 128 numbers. */
        CONFIGURATION(4, 250_000),
        /** Names, types, shapes and positions of tensors. Each tensor requires 15 JSON tokens and about 120 bytes. */
        TENSORS(32, 1_000_000),
        /**
         * Files that list tokens: {@code tokenizer.json}, {@code tokenizer_config.json}, {@code vocab.json}. A
         * byte-pair token and its merge require 6 JSON tokens, and an added token requires 16.
         */
        VOCABULARY(64, 5_000_000);

        private final int maxMib;
        private final JsonMapper mapper;

        Bounds(int maxMib, int maxTokens) {
            this.maxMib = maxMib;
            this.mapper = JsonMapper.builder(factory(MAX_DEPTH, maxTokens))
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
        }
    }

    private StrictJson() {}

    /**
     * Creates a factory for parsers that limit memory use. All external JSON is read by such parsers.
     *
     * @param maxDepth maximum nesting depth of objects and lists
     * @param maxTokens maximum number of brackets, keys and values; each takes up to 100 bytes of memory in a tree
     */
    public static JsonFactory factory(int maxDepth, long maxTokens) {
        return JsonFactory.builder()
                // A vocabulary has 150 000 keys, and interning would add each of them to the JVM's string table.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxTokenCount(maxTokens)
                        .maxNumberLength(MAX_DIGITS)
                        .maxStringLength(MAX_STRING)
                        .build())
                .build();
    }

    /**
     * Returns a builder for mappers of records whose JSON names are in snake case, such as {@code finish_reason}.
     * Values of a different type are rejected instead of converted: numbers are not accepted as text, text is not
     * accepted as numbers, and lists must not contain null.
     *
     * @param maxDepth maximum nesting depth, as for {@link #factory}
     * @param maxTokens maximum number of tokens, as for {@link #factory}
     */
    public static JsonMapper.Builder records(int maxDepth, long maxTokens) {
        return JsonMapper.builder(factory(maxDepth, maxTokens))
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        texts -> List.of(
                                        CoercionInputShape.Integer,
                                        CoercionInputShape.Float,
                                        CoercionInputShape.Boolean)
                                .forEach(shape -> texts.setCoercion(shape, CoercionAction.Fail)));
    }

    /** Returns the value that a mapper rejected, or a missing node if there was none. */
    public static JsonNode found(JsonNode root, JsonMappingException refusal) {
        JsonNode node = root;
        for (JsonMappingException.Reference step : refusal.getPath()) {
            if (step.getFieldName() != null) node = node.path(step.getFieldName());
            // A list may be given as a single value; in this case, return that value.
            else if (node.isArray()) node = node.path(step.getIndex());
        }
        return node;
    }

    /**
     * Returns a description of the values that a record component accepts.
     *
     * @param type type of the component, or null if it is unknown
     * @param mapper mapper that determines the names of constants
     */
    public static String expected(Class<?> type, JsonMapper mapper) {
        if (type == null) return "another value";
        if (type == Boolean.class || type == boolean.class) return "true or false";
        if (type == Double.class || type == double.class) return "a number";
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) return "a whole number";
        if (Collection.class.isAssignableFrom(type)) return "a list";
        if (JsonNode.class.isAssignableFrom(type)) return "a value";
        if (type.isRecord() || Map.class.isAssignableFrom(type)) return "an object";
        if (!type.isEnum()) return "a string";
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> mapper.convertValue(constant, String.class))
                .toList();
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    /**
     * Decodes UTF-8, with or without a byte order mark. Jackson would read bytes with zeros as UTF-16 or UTF-32.
     *
     * @return reader that throws {@link CharacterCodingException} for malformed UTF-8
     */
    public static Reader utf8(InputStream in) throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        text.mark(1);
        if (text.read() != '\uFEFF') text.reset();
        return text;
    }

    /** Decodes UTF-8 in memory as {@link #utf8(InputStream)} does. */
    public static Reader utf8(byte[] bytes) throws IOException {
        return utf8(new ByteArrayInputStream(bytes));
    }

    /**
     * Reads a file that contains one JSON object.
     *
     * @throws BadFileException if the file is missing, too large, or not a JSON object
     * @throws IOException if the file cannot be read
     */
    public static JsonNode object(Path file, Bounds bounds) throws IOException {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        if (Files.size(file) > (long) bounds.maxMib << 20) {
            throw new BadFileException(file, "expected JSON of at most " + bounds.maxMib + " MiB");
        }
        try {
            return object(Files.readAllBytes(file), bounds);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    /**
     * Reads one object from a part of a file.
     *
     * @param place place in the file, for messages
     * @throws BadFileException if the bytes are not a JSON object
     */
    public static JsonNode object(Path file, String place, byte[] bytes, Bounds bounds) {
        try {
            return object(bytes, bounds);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, place, e.getMessage());
        }
    }

    /**
     * Reads one object from memory.
     *
     * @param bytes JSON in UTF-8
     * @throws IllegalArgumentException if the bytes are not a JSON object; the message is one line
     */
    public static JsonNode object(byte[] bytes, Bounds bounds) {
        JsonNode node;
        try {
            node = bounds.mapper.readTree(utf8(bytes));
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + fault(e));
        }
        if (node == null || !node.isObject()) throw new IllegalArgumentException("expected a JSON object");
        return node;
    }

    /**
     * Returns a one-line description of a parse error, without class and method names.
     *
     * @param failure exception thrown by a parser that was created by {@link #factory} and reads from a {@link #utf8}
     *     reader
     */
    public static String fault(IOException failure) {
        return switch (failure) {
            case CharacterCodingException _ -> "bytes that are not UTF-8";
            case JacksonException wrong
            when wrong.getOriginalMessage().startsWith("Token count") ->
                wrong.getOriginalMessage()
                        .replaceAll(".* allowed \\((\\d+).*", "more than $1 brackets, keys and values");
            case JacksonException wrong -> wrong.getOriginalMessage().replaceAll(JACKSON_WORDS, "");
            default -> String.valueOf(failure.getMessage());
        };
    }
}
