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
 * Records as JSON in a run and its reports: keys in snake case, none for an absent value.
 * Files of a run may be damaged or made by others, so they are bounded as all JSON is.
 */
public final class RunJson {
    private static final int DEEPEST = 100;

    /** An hour of speech has 360 000 codes of frames. */
    private static final int MAX_TOKENS = 1_000_000;

    private static final JsonMapper JSON = StrictJson.records(DEEPEST, MAX_TOKENS)
            .addModule(ownTypes())
            .annotationIntrospector(new RequiredComponents())
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private RunJson() {}

    /** Reads and writes {@link Optional}, as the workers of a cluster lack Jackson's own module for it, and {@link Unit}. */
    public static SimpleModule ownTypes() {
        return new SimpleModule()
                .addSerializer(new OptionalSerializer())
                .addDeserializer(Optional.class, new OptionalDeserializer(null))
                .addSerializer(new UnitSerializer())
                .addDeserializer(Unit.class, new UnitDeserializer());
    }

    /** Only an absent object has no key: numbers, lists and maps are always written. */
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

    /** The id of a token, the codes of a frame. */
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

    /** The value, or null. */
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

    /** The other way; empty for null and for a key that is missing. */
    private static final class OptionalDeserializer extends StdDeserializer<Optional<?>>
            implements ContextualDeserializer {
        private static final long serialVersionUID = 1;

        /** The type between the brackets; null before {@link #createContextual} has seen the record's component. */
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

    /** The text of a record, a newline at its end; the same record gives the same text. */
    public static String text(Object value) {
        try {
            // The writer would end lines as the platform does.
            return JSON.writeValueAsString(value).replace(System.lineSeparator(), "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    /**
     * JSON as a tree; a missing node where there is none.
     *
     * @throws JacksonException if it is no JSON, as after a crash
     */
    public static JsonNode tree(byte[] text) throws JacksonException {
        try {
            return JSON.readTree(StrictJson.utf8(text));
        } catch (JacksonException e) {
            throw e;
        } catch (IOException e) {
            throw new JsonParseException(null, StrictJson.fault(e), e); // not UTF-8
        }
    }

    /**
     * A record.
     *
     * @param file that holds it, for messages
     * @throws BadFileException naming the key whose value does not fit the record
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
            throw new IllegalStateException(e); // a tree was read already
        }
    }

    /** The key that a record requires: it was null, or the record's own exception names it. */
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
