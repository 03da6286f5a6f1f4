package sparrow.study.folder;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.engine.interleave.Unit;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;
import sparrow.formats.StrictJson;

/**
 * Writes and reads records as JSON for runs and reports. Keys are in snake case, and absent values are omitted. Files
 * of a run may be damaged or may originate from other people, so the limits of all JSON files apply.
 */
public final class RunJson {
    private static final int DEEPEST = 100;

    /** Maximum number of JSON tokens. An hour of speech has 360 000 frame codes. */
    private static final int MAX_TOKENS = 1_000_000;

    private static final JsonMapper JSON = StrictJson.records(DEEPEST, MAX_TOKENS)
            .addModule(ownTypes())
            .annotationIntrospector(new RequiredComponents())
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private RunJson() {}

    /**
     * Returns a module for {@link Optional} and {@link Unit}. Jackson's own module for Optional is not available on
     * cluster workers.
     */
    public static SimpleModule ownTypes() {
        return new SimpleModule()
                .addSerializer(new OptionalSerializer())
                .addDeserializer(Optional.class, new OptionalDeserializer(null))
                .addSerializer(new UnitSerializer())
                .addDeserializer(Unit.class, new UnitDeserializer());
    }

    /** Omits only absent objects: numbers, lists and maps are always written. */
    private static final class RequiredComponents extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasRequiredMarker(AnnotatedMember member) {
            Class<?> type = member.getRawType();
            boolean required =
                    type.isPrimitive() || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
            return required ? Boolean.TRUE : super.hasRequiredMarker(member);
        }
    }

    /** Writes the id of a token, or the codes of a frame. */
    private static final class UnitSerializer extends StdSerializer<Unit> {
        private static final long serialVersionUID = 1;

        UnitSerializer() {
            super(Unit.class);
        }

        @Override
        public void serialize(Unit value, JsonGenerator out, SerializerProvider provider) throws IOException {
            switch (value) {
                case Unit.Token(int id) -> out.writeNumber(id);
                case Unit.Frame(List<Integer> codes) -> {
                    int[] numbers = codes.stream().mapToInt(Integer::intValue).toArray();
                    out.writeArray(numbers, 0, numbers.length);
                }
            }
        }
    }

    private static final class UnitDeserializer extends StdDeserializer<Unit> {
        private static final long serialVersionUID = 1;

        UnitDeserializer() {
            super(Unit.class);
        }

        @Override
        public Unit deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.isExpectedStartArrayToken()) return new Unit.Token(context.readValue(in, int.class));
            int[] codes = context.readValue(in, int[].class);
            return new Unit.Frame(Arrays.stream(codes).boxed().toList());
        }
    }

    /** Writes the value, or null. */
    private static final class OptionalSerializer extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1;

        OptionalSerializer() {
            super(Optional.class, false);
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), out);
        }
    }

    /** Reads a value; null and a missing key become empty. */
    private static final class OptionalDeserializer extends StdDeserializer<Optional<?>>
            implements ContextualDeserializer {
        private static final long serialVersionUID = 1;

        /** The type argument, or null before {@link #createContextual} has been called for the record's component. */
        private final JavaType content;

        OptionalDeserializer(JavaType content) {
            super(Optional.class);
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new OptionalDeserializer(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.of(context.readValue(in, content));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    /** Returns the JSON text of a record, with a final newline. Equal records have equal texts. */
    public static String text(Object value) {
        try {
            // The writer uses the platform's line separator.
            return JSON.writeValueAsString(value).replace(System.lineSeparator(), "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    /**
     * Parses JSON as a tree. Empty input becomes a missing node.
     *
     * @throws JacksonException if the input is not JSON, for example after a crash
     */
    public static JsonNode tree(byte[] text) throws JacksonException {
        try {
            return JSON.readTree(StrictJson.utf8(text));
        } catch (JacksonException e) {
            throw e;
        } catch (IOException e) {
            throw new JsonParseException(null, StrictJson.fault(e), e); // The input is not UTF-8.
        }
    }

    /**
     * Converts JSON to a record.
     *
     * @param file file that contains the JSON, for messages
     * @throws BadFileException if a value is not valid for the record, with its key in the message
     */
    public static <T> T read(Path file, JsonNode json, Class<T> type) {
        try {
            return JSON.treeToValue(json, type);
        } catch (JsonMappingException e) {
            String key = e.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
                    .collect(Collectors.joining("."));
            if (e.getCause() instanceof NullPointerException absent) key = nullKey(json, absent);
            throw new BadFileException(file, key.isEmpty() ? type.getSimpleName() : key, fault(json, e));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // Cannot happen, because the tree has been parsed.
        }
    }

    /**
     * Returns the key of a required component: the component with a null value, or the component named in the record's
     * own exception.
     */
    private static String nullKey(JsonNode json, NullPointerException absent) {
        return json.properties().stream()
                .filter(entry -> entry.getValue().isNull())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(String.valueOf(absent.getMessage()));
    }

    private static String fault(JsonNode json, JsonMappingException e) {
        switch (e) {
            case UnrecognizedPropertyException _ -> {
                return "is unknown";
            }
            case JsonMappingException _
            when e.getCause() instanceof IllegalArgumentException wrong -> {
                return wrong.getMessage();
            }
            case MismatchedInputException wrong -> {
                JsonNode found = StrictJson.found(json, wrong);
                return "expected " + StrictJson.expected(wrong.getTargetType(), JSON) + ", found "
                        + (found.isMissingNode() ? "nothing" : Printable.of(found.toString()));
            }
            default -> {
                return "expected a value, found none";
            }
        }
    }
}
