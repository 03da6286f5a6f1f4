package sparrow.server.message;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sparrow.formats.Printable;
import sparrow.formats.StrictJson;

/**
 * Converts between records and JSON, in which the components have names like {@code finish_reason}. If a value does not
 * match its record, the error names its place, the expected type and the value.
 */
public enum Json {
    /** Mode for Realtime: unknown keys are rejected. */
    STRICT("invalid_value"),
    /** Mode for Chat Completions: unknown keys are ignored. */
    LENIENT("invalid_type");

    /** Maximum nesting depth of objects and arrays. */
    private static final int MAX_DEPTH = 32;

    /**
     * Maximum number of tokens. A chat of 1000 messages with several parts each, or the longest list of tools, has
     * about 40 000 tokens.
     */
    private static final int MAX_TOKENS = 1 << 16;

    /** Maximum number of characters of a value in an error message. */
    private static final int SHOWN = 60;

    static final JsonMapper MAPPER = StrictJson.records(MAX_DEPTH, MAX_TOKENS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .build();

    private final String mismatch;

    Json(String mismatch) {
        this.mismatch = mismatch;
    }

    /** Inspects a protocol's records in advance, so that the first client does not wait for the inspection. */
    public static void prepare(Class<?> events) {
        for (Class<?> kind : events.getPermittedSubclasses()) {
            MAPPER.writerFor(kind);
            MAPPER.readerFor(kind);
        }
    }

    /** Returns a record as UTF-8 encoded JSON. */
    public static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a record as JSON text. */
    public static String text(Object value) {
        return text(value, Map.of());
    }

    /**
     * Returns a record as JSON text with additional attributes. The
     * {@link com.fasterxml.jackson.databind.annotation.JsonAppend} annotation on the record's type specifies their
     * names.
     */
    public static String text(Object value, Map<String, String> attributes) {
        ObjectWriter writer =
                attributes.isEmpty() ? MAPPER.writer() : MAPPER.writer().withAttributes(attributes);
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e); // the server's own records can always be written
        }
    }

    /** Returns a record as a JSON tree. */
    public static <T extends JsonNode> T tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Parses a JSON object.
     *
     * @throws RefusedException if the text is not a JSON object
     */
    public static ObjectNode object(String text) {
        return object(new StringReader(text));
    }

    /**
     * Parses a JSON object.
     *
     * @throws RefusedException if the bytes are not UTF-8 or not a JSON object
     */
    public static ObjectNode object(byte[] bytes) {
        try {
            return object(StrictJson.utf8(bytes));
        } catch (IOException e) {
            throw noObject(StrictJson.fault(e));
        }
    }

    private static ObjectNode object(Reader text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node instanceof ObjectNode object) return object;
            throw noObject(node == null || node.isMissingNode() ? "nothing" : kind(node));
        } catch (JsonProcessingException e) {
            throw noObject(place(e) + words(e));
        } catch (IOException e) {
            throw noObject(StrictJson.fault(e));
        }
    }

    private static RefusedException noObject(String found) {
        return new RefusedException("invalid_json", null, "body: expected a JSON object, found " + found);
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static String place(JsonProcessingException e) {
        if (e.getLocation() == null) return "";
        return "at line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": ";
    }

    /**
     * Returns the error's description without the names of Java methods and classes, which have no meaning for a
     * client.
     */
    private static String words(JsonProcessingException e) {
        if (e.getOriginalMessage().startsWith("Duplicate field")) return "a duplicate key";
        if (e instanceof MismatchedInputException) return "more data after it";
        return StrictJson.fault(e);
    }

    /**
     * Reads a record.
     *
     * @throws RefusedException if the object does not match the record
     */
    public <T> T read(ObjectNode object, Class<T> type) {
        try {
            ObjectReader reader = MAPPER.readerFor(type);
            DeserializationFeature unknown = DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES;
            return (this == STRICT ? reader.with(unknown) : reader.without(unknown)).readValue(object);
        } catch (JsonMappingException e) {
            throw refusal(object, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the input is a tree, so nothing is read
        }
    }

    /**
     * Reads a record from a part of a request.
     *
     * @param place the place of the part in the request
     */
    public <T> T read(JsonNode part, Class<T> type, String place) {
        if (!(part instanceof ObjectNode object)) {
            throw new RefusedException(mismatch, place, place + ": expected an object, got " + shown(part));
        }
        try {
            return read(object, type);
        } catch (RefusedException e) {
            throw e.below(place, mismatch);
        }
    }

    private RefusedException refusal(JsonNode root, JsonMappingException e) {
        String param = param(e.getPath());
        if (e instanceof UnrecognizedPropertyException) {
            return new RefusedException("unknown_parameter", param, param + ": unknown parameter");
        }
        if (e instanceof InvalidTypeIdException unknown) return unknown(root, unknown);
        if (e.getCause() instanceof RefusedException inside) return inside.below(param, mismatch);
        // Other exceptions are caused by a number that is too large.
        Class<?> expected = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : Number.class;
        return new RefusedException(
                mismatch,
                param,
                param + ": expected " + StrictJson.expected(expected, MAPPER) + ", got "
                        + shown(StrictJson.found(root, e)));
    }

    /** Returns the error for an unknown value of the key that determines an object's type. */
    private RefusedException unknown(JsonNode root, InvalidTypeIdException e) {
        String key =
                e.getBaseType().getRawClass().getAnnotation(JsonTypeInfo.class).property();
        String param = RefusedException.join(param(e.getPath()), key);
        JsonNode type = StrictJson.found(root, e).path(key);
        if (type.isMissingNode() || type.isNull()) return RefusedException.missing(param);
        if (!type.isTextual()) {
            return new RefusedException(mismatch, param, param + ": expected a string, got " + shown(type));
        }
        return new RefusedException("unknown_event", param, "unknown event type: " + brief(type.textValue()));
    }

    private static String param(List<JsonMappingException.Reference> path) {
        StringBuilder param = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            // The keys of a map are words of the client.
            if (step.getFrom() instanceof Map) break;
            if (step.getFieldName() == null)
                param.append('[').append(step.getIndex()).append(']');
            else param.append(param.isEmpty() ? "" : ".").append(brief(step.getFieldName()));
        }
        return param.toString();
    }

    /** Returns a value for an error message, shortened because its text may be megabytes long. */
    public static String shown(JsonNode value) {
        if (value.isTextual() && value.textValue().length() > SHOWN) {
            return "a string of " + value.textValue().length() + " characters";
        }
        if (value.isContainerNode()) return value.isArray() ? "a list" : "an object";
        return value.toString();
    }

    /** Returns text as a JSON string for an error message. */
    public static String shown(String text) {
        return shown(TextNode.valueOf(text));
    }

    /** Returns the beginning of the text for an error message, on one line. */
    public static String brief(String text) {
        return Printable.line(text.substring(0, Math.min(SHOWN, text.length())));
    }
}
