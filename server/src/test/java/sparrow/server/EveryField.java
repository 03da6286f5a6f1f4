package sparrow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.ref.Reference;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import sparrow.server.message.HeapShare;
import sparrow.server.message.Json;

/**
 * Sends a megabyte in every field of a message, each to a receiver of its own, and looks at the heap: what the receivers keep must be
 * counted in a {@link HeapShare}. The examples of a message must contain every component of its record, so a new one cannot be forgotten.
 */
public final class EveryField {
    private static final String MEGABYTE = "x".repeat(1 << 20);

    private static final List<JsonNode> PROBES = List.of(
            TextNode.valueOf(MEGABYTE),
            Json.object("{\"id\":\"default\",\"x\":\"" + MEGABYTE + "\"}"),
            Json.object("{\"x\":[\"" + MEGABYTE + "\"]}").get("x"));

    /** What the heap may differ from what is counted, in bytes: half of what was sent in a field. */
    private static final long SLACK = 512 << 10;

    private static final int REPEATS = 3;

    private EveryField() {}

    /** Requires that examples contain all components of a record, and of the records in it. */
    public static void assertComplete(Class<?> record, String... examples) {
        Set<String> there = new HashSet<>();
        for (String example : examples) names("", Json.object(example), there);
        List<String> wanted = new ArrayList<>();
        components("", record, wanted);
        assertThat(there).containsAll(wanted);
    }

    private static void names(String place, JsonNode node, Set<String> into) {
        node.propertyStream().forEach(field -> {
            into.add(place + "." + field.getKey());
            names(place + "." + field.getKey(), field.getValue(), into);
        });
        if (node instanceof ArrayNode list) list.forEach(one -> names(place, one, into));
    }

    private static void components(String place, Class<?> record, List<String> into) {
        JsonIgnoreProperties ignored = record.getAnnotation(JsonIgnoreProperties.class);
        if (ignored != null) Arrays.stream(ignored.value()).forEach(name -> into.add(place + "." + name));
        for (RecordComponent component : record.getRecordComponents()) {
            String name =
                    place + "." + PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
            into.add(name);
            Type type = component.getGenericType();
            if (type instanceof ParameterizedType list) type = list.getActualTypeArguments()[0];
            if (type instanceof Class<?> inner && inner.isRecord()) components(name, inner, into);
        }
    }

    /**
     * Sends an example with a megabyte in each of its fields. Each message is measured by itself, because a field may be
     * counted with more than it takes.
     *
     * @param receiver creates a receiver, sends it a message, and returns the receiver
     */
    public static void assertCounted(String example, Function<String, Object> receiver) {
        List<Object> kept = new ArrayList<>();
        // Classes are loaded, and the receivers are measured without the megabyte.
        for (int i = 0; i < 4; i++) kept.add(receiver.apply(example));
        long before = uncounted();
        for (int i = 0; i < 16; i++) kept.add(receiver.apply(example));
        long now = uncounted();
        long each = (now - before) / 16;
        Set<String> names = new TreeSet<>();
        names("", Json.object(example), names);
        names.remove(".type");
        List<String> culprits = new ArrayList<>();
        for (String name : names) {
            for (JsonNode probe : PROBES) {
                ObjectNode changed = Json.object(example);
                put(changed, List.of(name.substring(1).split("\\.")), probe);
                String message = changed.toString();
                // What grows once, such as a parser's buffer, is not kept of each message.
                int sent = 0;
                do {
                    before = now;
                    kept.add(receiver.apply(message));
                    now = uncounted();
                    sent++;
                } while (now - before - each > SLACK && sent < REPEATS);
                if (now - before - each > SLACK) culprits.add(name + ": " + probe.getNodeType());
            }
        }
        Reference.reachabilityFence(kept);
        assertThat(culprits).as("fields that are kept and not counted").isEmpty();
    }

    /** The heap in use beyond what is counted. */
    private static long uncounted() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory()
                - runtime.freeMemory()
                - Arrays.stream(HeapShare.values()).mapToLong(HeapShare::used).sum();
    }

    private static void put(JsonNode node, List<String> path, JsonNode probe) {
        if (node instanceof ArrayNode list) {
            list.forEach(one -> put(one, path, probe));
        } else if (node instanceof ObjectNode object) {
            // A field that the example does not have is an unknown field.
            if (path.size() == 1) object.set(path.getFirst(), probe);
            else put(object.path(path.getFirst()), path.subList(1, path.size()), probe);
        }
    }
}
