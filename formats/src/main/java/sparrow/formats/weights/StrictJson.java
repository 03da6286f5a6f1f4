package sparrow.formats.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

/**
 * Reads JSON that was not written with care, or not with good will: a key given twice, or anything after the end, is a
 * fault, and so is what would take memory out of proportion.
 */
@SuppressWarnings("exports") // a module that takes a tree requires Jackson anyway
public final class StrictJson {
    private static final int DEEPEST = 100;
    private static final int MOST_DIGITS = 100;

    /** The longest body of a request, most of which may be one recording in base64. */
    private static final int LONGEST_STRING = 25 << 20;

    /** The parts of Jackson's messages that name its classes, its features, or a source that it does not show. */
    private static final String JACKSON_WORDS = ", from `[^`]*`| \\([^()]* at \\[Source: .*\\)| \\(bound as `[^`]*`\\)"
            + "| for `ObjectNode`|: (?:not allowed (?:when|as per)|enable) `\\w+Feature\\.[^`]*`(?: \\w+)*"
            + "| \\(not recognized as one since .*\\)";

    /** Bounds of a document, by its kind. A token takes up to 100 bytes of memory, and may be two bytes long in the file. */
    public enum Bounds {
        /** Configurations of published models have some kilobytes; the longest lists are filters of a mel spectrum. */
        CONFIGURATION(4, 100_000),
        /** Names, types, shapes and places of tensors: 15 tokens and some 120 bytes for each. */
        TENSORS(32, 1_000_000),
        /** A vocabulary of 300 000 tokens with their merges is 20 MiB and 1.8 million tokens of JSON. */
        VOCABULARY(64, 3_000_000);

        private final int mostMib;
        private final JsonMapper mapper;

        Bounds(int mostMib, int mostTokens) {
            this.mostMib = mostMib;
            this.mapper = JsonMapper.builder(factory(DEEPEST, mostTokens))
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
        }
    }

    private StrictJson() {}

    /**
     * Parsers that refuse what takes memory out of proportion. All JSON from outside is read by one of them.
     *
     * @param deepest objects and lists in one another
     * @param mostTokens brackets, keys and values of a document; each takes up to 100 bytes of memory in a tree
     */
    public static JsonFactory factory(int deepest, long mostTokens) {
        return JsonFactory.builder()
                // A vocabulary has 150 000 keys, and each would go through the JVM's table of strings.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(deepest)
                        .maxTokenCount(mostTokens)
                        .maxNumberLength(MOST_DIGITS)
                        .maxStringLength(LONGEST_STRING)
                        .build())
                .build();
    }

    /**
     * Text in UTF-8, with or without a byte order mark. Jackson itself would take bytes with zeros for UTF-16 or UTF-32.
     *
     * @return a reader that throws {@link CharacterCodingException} at what is not UTF-8
     */
    public static Reader utf8(InputStream in) throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        text.mark(1);
        if (text.read() != '\uFEFF') text.reset();
        return text;
    }

    /** Text in UTF-8 that is in memory, as {@link #utf8(InputStream)} reads it. */
    public static Reader utf8(byte[] bytes) throws IOException {
        return utf8(new ByteArrayInputStream(bytes));
    }

    /**
     * Reads a file that holds one object.
     *
     * @throws BadFileException if it is missing, holds anything else, or is larger
     * @throws IOException if it cannot be read
     */
    public static JsonNode object(Path file, Bounds bounds) throws IOException {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        if (Files.size(file) > (long) bounds.mostMib << 20) {
            throw new BadFileException(file, "expected JSON of at most " + bounds.mostMib + " MiB");
        }
        try {
            return object(Files.readAllBytes(file), bounds);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    /**
     * Reads one object from a place in a file.
     *
     * @param place in the file, for messages
     * @throws BadFileException if it is anything else
     */
    public static JsonNode object(Path file, String place, byte[] bytes, Bounds bounds) {
        try {
            return object(bytes, bounds);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, place, e.getMessage());
        }
    }

    /**
     * Reads one object that stands in no file.
     *
     * @param bytes in UTF-8
     * @throws IllegalArgumentException in one line if it is anything else
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
     * The fault of JSON that could not be read, in one line without names of classes and methods.
     *
     * @param failure of a parser of {@link #factory} that reads {@link #utf8}
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
