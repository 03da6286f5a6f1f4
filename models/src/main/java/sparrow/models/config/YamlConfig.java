package sparrow.models.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;

/**
 * A section of a HyperPyYAML configuration file, which is YAML whose tags name Python classes. Values are returned with
 * their types. Messages about invalid values name the file and the key. Tags never cause a class to be imported,
 * constructed or called. {@code !ref <name>} refers to a scalar at the top level of the file. Unused sections are not
 * checked.
 */
public final class YamlConfig {
    /**
     * Maximum size of a file in KiB. The published file has 10 KiB. The library allocates about 300 bytes per character
     * and 800 per value.
     */
    private static final int MAX_KIB = 64;

    private static final int MAX_EVENTS = 10_000;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ELEMENTS = 1000;
    private static final String NEW = "!new:";

    private final Path file;
    private final String place;
    private final Map<String, Node> values;
    private final Map<String, Node> top;

    private YamlConfig(Path file, String place, Map<String, Node> values, Map<String, Node> top) {
        this.file = file;
        this.place = place;
        this.values = values;
        this.top = top == null ? values : top;
    }

    /**
     * Reads a file.
     *
     * @throws BadFileException if the file is missing or is not a YAML mapping
     * @throws IOException if the file cannot be read
     */
    public static YamlConfig read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        if (Files.size(file) > MAX_KIB << 10) {
            throw new BadFileException(file, "expected a configuration of at most " + MAX_KIB + " KiB");
        }
        LoadSettings settings = LoadSettings.builder().setLabel("configuration").build();
        try {
            String text = Files.readString(file);
            // The composer is recursive and builds a tree, so the depth and size are checked first.
            checkEvents(file, new Parse(settings).parseString(text));
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new BadFileException(file, "expected a YAML mapping, found nothing"));
            return new YamlConfig(file, "", mapping(file, "top level", root), null);
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "not YAML: expected UTF-8 text");
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // The library throws this exception for escapes beyond Unicode and for truncated escapes in tags.
            throw new BadFileException(file, "not YAML: an invalid escape or tag (" + e.getMessage() + ")");
        } catch (YamlEngineException e) {
            throw new BadFileException(file, "not YAML: " + e.getMessage().replaceAll("\\s+", " "));
        }
    }

    private static void checkEvents(Path file, Iterable<Event> events) {
        int depth = 0;
        int count = 0;
        for (Event event : events) {
            if (++count > MAX_EVENTS) {
                throw new BadFileException(file, "expected at most " + MAX_EVENTS + " lists, keys and values");
            }
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw new BadFileException(file, "expected at most " + MAX_DEPTH + " levels of nesting");
            }
            if (event instanceof CollectionEndEvent) depth--;
        }
    }

    private static Map<String, Node> mapping(Path file, String place, Node node) {
        if (!(node instanceof MappingNode mapping)) throw new BadFileException(file, place, "expected a mapping");
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new BadFileException(file, place, "expected scalar keys");
            }
            if (values.put(key.getValue(), tuple.getValueNode()) != null) {
                throw new BadFileException(file, place, "key \"" + key.getValue() + "\" occurs twice");
            }
        }
        return values;
    }

    /** Returns the mapping at a key, with or without a tag. */
    public YamlConfig section(String key) {
        return new YamlConfig(file, path(key), mapping(file, path(key), required(key)), top);
    }

    /**
     * Returns the arguments of a class, which are a mapping tagged {@code !new:some.package.simpleName} with any
     * package.
     */
    public YamlConfig section(String key, String simpleName) {
        String tag = required(key).getTag().getValue();
        String found = tag.startsWith(NEW) ? tag.substring(tag.lastIndexOf('.') + 1) : tag;
        if (!found.equals(simpleName)) {
            throw new BadFileException(file, path(key), "expected !new:…" + simpleName + ", found " + tag);
        }
        return section(key);
    }

    /**
     * Checks that the section has no other keys, because their values would be ignored.
     *
     * @throws BadFileException if there is another key
     */
    public void expectOnly(Set<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) throw new BadFileException(file, path(key), "is unknown");
        }
    }

    /** Returns the integer at a key, which must be at least 1. */
    public int positive(String key) {
        int value = integer(key, required(key));
        if (value < 1) throw wrong(key, "a whole number of 1 or more");
        return value;
    }

    /** Returns the integer at a key, which must be at least 1, or {@code otherwise} if the key is missing. */
    public int positive(String key, int otherwise) {
        return values.containsKey(key) ? positive(key) : otherwise;
    }

    /** Returns the integer at a key, which must be at least 0. */
    public int count(String key) {
        int value = integer(key, required(key));
        if (value < 0) throw wrong(key, "a whole number of 0 or more");
        return value;
    }

    /** Returns the finite number at a key, such as {@code 1e-06}. */
    public double number(String key) {
        try {
            double value = Double.parseDouble(scalar(key, required(key)));
            if (Double.isFinite(value)) return value;
        } catch (NumberFormatException e) {
            throw wrong(key, "a number");
        }
        throw wrong(key, "a finite number");
    }

    /** Returns the list of integers at a key. */
    public List<Integer> integers(String key) {
        return integers(key, required(key));
    }

    /** Returns the list of integer lists at a key. */
    public List<List<Integer>> integerLists(String key) {
        return elements(key, required(key)).stream()
                .map(node -> integers(key, node))
                .toList();
    }

    /**
     * Checks that a key has the only supported value.
     *
     * @throws BadFileException if the key is missing or has another value
     */
    public void expect(String key, Object value) {
        String found = scalar(key, required(key));
        boolean same = value instanceof Number number
                ? number(key) == number.doubleValue()
                : value instanceof Boolean
                        ? found.equalsIgnoreCase(String.valueOf(value))
                        : found.equals(String.valueOf(value));
        if (!same) throw wrong(key, String.valueOf(value));
    }

    /**
     * Creates a record of sizes from values in this file. If the record's constructor throws an
     * {@link IllegalArgumentException}, whose message begins with the key, the exception thrown here also names the
     * file.
     *
     * @throws BadFileException if the constructor rejects the values
     */
    public <T> T validated(Supplier<T> constructor) {
        return JsonFile.validated(file, "", constructor);
    }

    /** Returns an exception whose message contains a key's expected and actual values. */
    public BadFileException wrong(String key, String expected) {
        return new BadFileException(file, path(key), "expected " + expected + ", found " + shown(required(key), 2));
    }

    /** Formats a value for a message. Nested lists, which may be circular in a damaged file, are abbreviated. */
    private static String shown(Node node, int depth) {
        return switch (node) {
            case ScalarNode scalar -> scalar.getValue();
            case SequenceNode sequence
            when depth > 0 ->
                sequence.getValue().stream()
                        .limit(20)
                        .map(element -> shown(element, depth - 1))
                        .toList()
                        .toString();
            case SequenceNode deeper -> "a list";
            default -> "a mapping";
        };
    }

    private Node required(String key) {
        Node node = values.get(key);
        if (node == null) throw new BadFileException(file, path(key), "is missing");
        if (!node.getTag().getValue().equals("!ref")) return node;
        String name = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        Node target = name.matches("<[^<>]+>") ? top.get(name.substring(1, name.length() - 1)) : null;
        if (!(target instanceof ScalarNode) || target.getTag().getValue().startsWith("!")) {
            throw new BadFileException(file, path(key), "!ref " + name + ": expected the <name> of a top-level value");
        }
        return target;
    }

    private List<Integer> integers(String key, Node node) {
        List<Integer> numbers = new ArrayList<>();
        for (Node element : elements(key, node)) numbers.add(integer(key, element));
        return numbers;
    }

    private List<Node> elements(String key, Node node) {
        if (!(node instanceof SequenceNode sequence)) throw wrong(key, "a list");
        // Aliases can repeat a list many times, so the file size does not limit the number of elements.
        if (sequence.getValue().size() > MAX_ELEMENTS) throw wrong(key, "at most " + MAX_ELEMENTS + " elements");
        return sequence.getValue();
    }

    private int integer(String key, Node node) {
        try {
            return Integer.parseInt(scalar(key, node));
        } catch (NumberFormatException e) {
            throw wrong(key, "a whole number");
        }
    }

    private String scalar(String key, Node node) {
        if (!(node instanceof ScalarNode scalar)) throw wrong(key, "one value");
        return scalar.getValue();
    }

    private String path(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }
}
