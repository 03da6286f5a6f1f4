package sparrow.server.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import sparrow.server.reply.RefusedException;

/**
 * An object of a request, read field by field. A field that is null counts as missing; one of another kind is refused, with its
 * place.
 *
 * @param object to be read
 * @param path its place in the request; empty for the request itself
 */
record Fields(JsonNode object, String path) {
    /** Characters of a value that an error shows. */
    private static final int SHOWN = 40;

    /** Where a field stands. */
    String place(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private Optional<JsonNode> node(String name) {
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    boolean has(String name) {
        return node(name).isPresent();
    }

    /** The field as it is; null if missing. */
    JsonNode raw(String name) {
        return node(name).orElse(null);
    }

    Optional<String> string(String name) {
        return node(name).map(node -> {
            if (node.isTextual()) return node.textValue();
            throw wrong(name, "a string", node);
        });
    }

    /** @throws RefusedException if it is missing */
    String requiredString(String name) {
        return string(name).orElseThrow(() -> missing(name));
    }

    boolean flag(String name) {
        return node(name)
                .map(node -> {
                    if (node.isBoolean()) return node.booleanValue();
                    throw wrong(name, "true or false", node);
                })
                .orElse(false);
    }

    /** A number within bounds. */
    OptionalDouble number(String name, double least, double most) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) return OptionalDouble.empty();
        double value = node.get().isNumber() ? node.get().doubleValue() : Double.NaN;
        if (value >= least && value <= most) return OptionalDouble.of(value);
        throw wrong(name, "a number from " + least + " to " + most, node.get());
    }

    /** A count of one or more. */
    OptionalInt count(String name) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) return OptionalInt.empty();
        if (node.get().canConvertToInt()
                && node.get().isIntegralNumber()
                && node.get().intValue() > 0) {
            return OptionalInt.of(node.get().intValue());
        }
        throw wrong(name, "a whole number of 1 or more", node.get());
    }

    OptionalLong whole(String name) {
        Optional<JsonNode> node = node(name);
        if (node.isEmpty()) return OptionalLong.empty();
        if (node.get().isIntegralNumber() && node.get().canConvertToLong()) {
            return OptionalLong.of(node.get().longValue());
        }
        throw wrong(name, "a whole number", node.get());
    }

    Optional<Fields> child(String name) {
        return node(name).map(node -> {
            if (node.isObject()) return new Fields(node, place(name));
            throw wrong(name, "an object", node);
        });
    }

    /** @throws RefusedException if it is missing */
    Fields requiredChild(String name) {
        return child(name).orElseThrow(() -> missing(name));
    }

    /** The objects of a list; empty if it is missing. */
    List<Fields> children(String name) {
        JsonNode list = raw(name);
        if (list == null) return List.of();
        if (!list.isArray()) throw wrong(name, "a list", list);
        List<Fields> children = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = name + "[" + i + "]";
            if (!list.get(i).isObject()) throw wrong(at, "an object", list.get(i));
            children.add(new Fields(list.get(i), place(at)));
        }
        return children;
    }

    /** The strings of a list; empty if it is missing. */
    List<String> strings(String name) {
        JsonNode list = raw(name);
        if (list == null) return List.of();
        if (!list.isArray()) throw wrong(name, "a list", list);
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isTextual()) throw wrong(name + "[" + i + "]", "a string", list.get(i));
            strings.add(list.get(i).textValue());
        }
        return strings;
    }

    RefusedException missing(String name) {
        return new RefusedException("missing_required_parameter", place(name), place(name) + ": expected, but missing");
    }

    RefusedException wrong(String name, String expected, JsonNode found) {
        return new RefusedException(
                "invalid_type", place(name), place(name) + ": expected " + expected + ", got " + shown(found));
    }

    private static String shown(JsonNode node) {
        if (node.isContainerNode()) return "an " + node.getNodeType().name().toLowerCase(Locale.ROOT);
        return shown(node.toString());
    }

    /** A value for an error: it may be megabytes. */
    static String shown(String value) {
        String beginning = value.length() > SHOWN ? value.substring(0, SHOWN) + "..." : value;
        // One line, here and in logs.
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }
}
