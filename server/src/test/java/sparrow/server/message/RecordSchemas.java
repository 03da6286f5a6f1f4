package sparrow.server.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes JSON schemas of records. Names and types are those by which the server's mapper reads and writes a record. Which
 * keys are required, and their bounds, are found by reading the record without them and with values far out of bounds.
 */
public final class RecordSchemas {
    private static final JsonMapper MAPPER = Json.MAPPER;
    private static final String PLACE = "#/components/schemas/";
    private static final Pattern RANGE = Pattern.compile("expected (-?[0-9.]+) to (-?[0-9.]+)(?: characters)?, got");
    private static final Pattern LEAST = Pattern.compile("expected (-?[0-9.]+) or more, got");
    private static final Pattern LONGEST = Pattern.compile("expected at most (\\d+) characters, got");
    private static final String LONG_TEXT = "x".repeat(1 << 21);

    private final Map<String, ObjectNode> named;
    private final Json mode;
    private final boolean reads;

    private RecordSchemas(Map<String, ObjectNode> named, Json mode, boolean reads) {
        this.named = named;
        this.mode = mode;
        this.reads = reads;
    }

    /** Schemas of what a client may send, which refer to each other by name. */
    public static RecordSchemas read(Map<String, ObjectNode> named, Json mode) {
        return new RecordSchemas(named, mode, true);
    }

    /** Schemas of what the server sends. */
    public static RecordSchemas written(Map<String, ObjectNode> named) {
        return new RecordSchemas(named, Json.LENIENT, false);
    }

    /** A reference to the schema of a record. */
    public ObjectNode of(Class<?> type) {
        return of(MAPPER.constructType(type));
    }

    /** A reference to the record's schema, which is made when it is first referred to. */
    private ObjectNode reference(JavaType type) {
        String name = type.getRawClass().getName().replaceAll(".*[.]", "").replace('$', '.');
        if (!named.containsKey(name)) named.put(name, record(type));
        return object().put("$ref", PLACE + name);
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? named.get(schema.get("$ref").textValue().substring(PLACE.length())) : schema;
    }

    private ObjectNode of(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw == Object.class || JsonNode.class.isAssignableFrom(raw)) return object();
        if (raw == boolean.class || raw == Boolean.class) return typed("boolean");
        if (raw == double.class || raw == Double.class || raw == Number.class) return typed("number");
        if (raw.isPrimitive() || Number.class.isAssignableFrom(raw)) return typed("integer");
        if (raw == String.class) return typed("string");
        if (raw.isEnum()) {
            ObjectNode schema = typed("string");
            schema.set("enum", MAPPER.valueToTree(raw.getEnumConstants()));
            return schema;
        }
        if (type.isMapLikeType()) {
            return typed("object").set("additionalProperties", of(type.getContentType()));
        }
        if (type.isCollectionLikeType() || type.isArrayType()) {
            return typed("array").set("items", of(type.getContentType()));
        }
        if (raw.isRecord()) return reference(type);
        return object(); // read or written by code of its own
    }

    private ObjectNode record(JavaType type) {
        ObjectNode schema = typed("object");
        ObjectNode properties = schema.putObject("properties");
        Set<String> required = new LinkedHashSet<>();
        BeanDescription bean = reads
                ? MAPPER.getDeserializationConfig().introspect(type)
                : MAPPER.getSerializationConfig().introspect(type);
        for (BeanPropertyDefinition property : bean.findProperties()) {
            AnnotatedMember member = reads ? property.getMutator() : property.getAccessor();
            if (member == null) member = property.getPrimaryMember();
            if (has(property, JsonUnwrapped.class)) {
                ObjectNode inner = record(member.getType());
                properties.setAll((ObjectNode) inner.get("properties"));
                inner.path("required").forEach(name -> required.add(name.textValue()));
                continue;
            }
            ObjectNode value = of(member.getType());
            if (has(property, JsonFormat.class)) {
                value = either(value, (ObjectNode) value.get("items"));
            }
            properties.set(property.getName(), value);
            if (!reads && !isLeftOut(bean, property)) required.add(property.getName());
        }
        if (reads) required.addAll(missing(type.getRawClass(), properties));
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            ObjectNode value = (ObjectNode) property.getValue();
            if (reads) bound(type.getRawClass(), properties, required, property.getKey(), value);
            boolean isPrimitive = member(bean, property.getKey())
                    .filter(one -> one.getType().isPrimitive())
                    .isPresent();
            boolean isNull = reads ? !required.contains(property.getKey()) : required.contains(property.getKey());
            if (isNull && !isPrimitive) property.setValue(orNull(value));
        }
        if (!required.isEmpty()) schema.set("required", MAPPER.valueToTree(required));
        if (reads && mode == Json.STRICT) schema.put("additionalProperties", false);
        return Arrays.stream(type.getRawClass().getDeclaredMethods())
                .filter(RecordSchemas::isShort)
                .findFirst()
                .map(creator -> either(schema, of(MAPPER.constructType(creator.getGenericParameterTypes()[0]))))
                .orElse(schema);
    }

    private Optional<AnnotatedMember> member(BeanDescription bean, String name) {
        return bean.findProperties().stream()
                .filter(property -> property.getName().equals(name))
                .map(BeanPropertyDefinition::getPrimaryMember)
                .findFirst();
    }

    private static boolean isShort(Method method) {
        JsonCreator creator = method.getAnnotation(JsonCreator.class);
        return creator != null && creator.mode() == JsonCreator.Mode.DELEGATING;
    }

    private static boolean isLeftOut(BeanDescription bean, BeanPropertyDefinition property) {
        JsonInclude.Include own = property.findInclusion().getValueInclusion();
        JsonInclude.Include all =
                bean.findPropertyInclusion(JsonInclude.Value.empty()).getValueInclusion();
        JsonInclude.Include found = own == JsonInclude.Include.USE_DEFAULTS ? all : own;
        return found == JsonInclude.Include.NON_NULL || found == JsonInclude.Include.NON_EMPTY;
    }

    private static boolean has(BeanPropertyDefinition property, Class<? extends Annotation> annotation) {
        return property.getPrimaryMember().hasAnnotation(annotation);
    }

    /** The keys that a record misses. */
    private Set<String> missing(Class<?> type, ObjectNode properties) {
        Set<String> missing = new LinkedHashSet<>();
        ObjectNode sample = object();
        while (true) {
            Optional<RefusedException> refusal = read(sample, type);
            Optional<String> name = refusal.filter(one -> one.code().equals("missing_required_parameter"))
                    .flatMap(RefusedException::param)
                    .filter(properties::has);
            if (name.isEmpty() || !missing.add(name.get())) return missing;
            sample.set(name.get(), sample(properties.get(name.get())));
        }
    }

    private Optional<RefusedException> read(ObjectNode object, Class<?> type) {
        try {
            mode.read(object, type);
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    /** A value of a schema. */
    private JsonNode sample(JsonNode reference) {
        JsonNode schema = resolved(reference);
        if (schema.has("enum")) return schema.get("enum").get(0);
        return switch (schema.path("type").asText()) {
            case "integer", "number" -> JsonNodeFactory.instance.numberNode(1);
            case "boolean" -> JsonNodeFactory.instance.booleanNode(true);
            case "array" -> JsonNodeFactory.instance.arrayNode();
            case "object" -> {
                ObjectNode object = object();
                schema.path("required")
                        .forEach(name -> object.set(
                                name.textValue(),
                                sample(schema.get("properties").get(name.textValue()))));
                yield object;
            }
            default -> JsonNodeFactory.instance.textNode("x");
        };
    }

    /** Adds the bounds of a number or text. */
    private void bound(Class<?> type, ObjectNode properties, Set<String> required, String name, ObjectNode schema) {
        JsonNode far = switch (schema.path("type").asText()) {
            case "integer", "number" -> JsonNodeFactory.instance.numberNode(-1_000_000);
            case "string" -> JsonNodeFactory.instance.textNode(LONG_TEXT);
            default -> null;
        };
        if (far == null || schema.has("enum")) return;
        ObjectNode sample = object();
        required.forEach(key -> sample.set(key, sample(properties.get(key))));
        sample.set(name, far);
        String said = read(sample, type)
                .filter(refusal -> refusal.param().filter(name::equals).isPresent())
                .map(Throwable::getMessage)
                .orElse("");
        Matcher range = RANGE.matcher(said);
        Matcher least = LEAST.matcher(said);
        Matcher longest = LONGEST.matcher(said);
        if (range.find()) {
            schema.put(far.isTextual() ? "minLength" : "minimum", new BigDecimal(range.group(1)));
            schema.put(far.isTextual() ? "maxLength" : "maximum", new BigDecimal(range.group(2)));
        } else if (least.find()) {
            schema.put("minimum", new BigDecimal(least.group(1)));
        } else if (longest.find()) {
            schema.put("maxLength", new BigDecimal(longest.group(1)));
        }
    }

    private static ObjectNode either(ObjectNode one, ObjectNode other) {
        ObjectNode both = object();
        both.putArray("anyOf").add(one).add(other);
        return both;
    }

    private static ObjectNode orNull(ObjectNode schema) {
        return schema.isEmpty() ? schema : either(schema, typed("null"));
    }

    private static ObjectNode typed(String type) {
        return object().put("type", type);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
