package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sparrow.server.reply.RefusedException;

/**
 * An object that a client sent, read strictly: what is refused names the place, what was expected and what was found.
 *
 * @param node the object
 * @param path where it stands in the event, such as {@code session.audio}; empty for the event itself
 */
record Fields(JsonNode node, String path) {
    private static final int SHOWN = 60;

    /** @throws RefusedException if it is no object */
    static Fields of(JsonNode node, String path) {
        if (!node.isObject()) throw expected(path, "an object", node);
        return new Fields(node, path);
    }

    /** Where a key of it stands. */
    String param(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Whether the key is there, perhaps as null. */
    boolean has(String key) {
        return node.has(key);
    }

    /** Whether the key is there, as null. */
    boolean isNull(String key) {
        return node.has(key) && node.get(key).isNull();
    }

    /** The value, unless it is missing or null. */
    Optional<JsonNode> value(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    /** @throws RefusedException if it is missing or null */
    JsonNode required(String key) {
        return value(key)
                .orElseThrow(() -> new RefusedException(
                        "missing_required_parameter", param(key), "missing required parameter: " + param(key)));
    }

    Optional<Fields> object(String key) {
        return value(key).map(value -> of(value, param(key)));
    }

    Fields requiredObject(String key) {
        return of(required(key), param(key));
    }

    Optional<String> text(String key) {
        return value(key).map(value -> text(value, param(key)));
    }

    String requiredText(String key) {
        return text(required(key), param(key));
    }

    /** A text of a few letters, such as an id. */
    Optional<String> name(String key, int longest) {
        return text(key).map(text -> {
            if (!text.isEmpty() && text.length() <= longest) return text;
            throw RefusedException.value(
                    param(key), param(key) + ": expected 1 to " + longest + " characters, got " + text.length());
        });
    }

    private static String text(JsonNode value, String param) {
        if (!value.isTextual()) throw expected(param, "a string", value);
        return value.textValue();
    }

    Optional<Long> integer(String key, long least, long most) {
        return value(key).map(value -> {
            // 24000.0 is a whole number to JavaScript, and written so by some.
            if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue())) {
                throw expected(param(key), "a whole number", value);
            }
            double number = value.doubleValue();
            if (number < least || number > most) {
                String range = least == most ? Long.toString(least) : least + " to " + most;
                throw RefusedException.value(param(key), param(key) + ": expected " + range + ", got " + shown(value));
            }
            return (long) number;
        });
    }

    Optional<Double> number(String key, double least, double most) {
        return value(key).map(value -> {
            if (!value.isNumber()) throw expected(param(key), "a number", value);
            double number = value.doubleValue();
            if (!(number >= least && number <= most)) {
                throw RefusedException.value(
                        param(key), param(key) + ": expected " + least + " to " + most + ", got " + shown(value));
            }
            return number;
        });
    }

    Optional<Boolean> bool(String key) {
        return value(key).map(value -> {
            if (!value.isBoolean()) throw expected(param(key), "true or false", value);
            return value.booleanValue();
        });
    }

    Optional<List<JsonNode>> list(String key) {
        return value(key).map(value -> {
            if (!value.isArray()) throw expected(param(key), "a list", value);
            return List.copyOf(value.valueStream().toList());
        });
    }

    /** @throws RefusedException if there is any other key */
    Fields allowing(Set<String> keys) {
        for (String key : (Iterable<String>) node::fieldNames) {
            if (!keys.contains(key)) {
                throw new RefusedException("unknown_parameter", param(key), "unknown parameter: " + param(key));
            }
        }
        return this;
    }

    static RefusedException expected(String param, String what, JsonNode found) {
        return RefusedException.value(param, param + ": expected " + what + ", got " + shown(found));
    }

    private static String shown(JsonNode value) {
        if (value.isTextual() && value.textValue().length() > SHOWN) {
            return "a string of " + value.textValue().length() + " characters";
        }
        if (value.isContainerNode()) return value.isArray() ? "a list" : "an object";
        return value.toString();
    }
}
