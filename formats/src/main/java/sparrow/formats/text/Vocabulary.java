package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;

/** Byte-pair tokens by id. The tokens' bytes are stored as Latin-1 strings, which are compact and cache their hash. */
final class Vocabulary {
    /** Represents a missing id. It is the largest int, which is not the id of any token. */
    static final int NO_ID = Integer.MAX_VALUE;

    private final Map<Integer, String> tokens = new HashMap<>();
    private final Map<String, Integer> idOf = new HashMap<>();

    /**
     * Creates a vocabulary.
     *
     * @param tokens bytes of each token by id, without duplicates
     */
    Vocabulary(Map<Integer, byte[]> tokens) {
        tokens.forEach((id, bytes) -> {
            String token = new String(bytes, StandardCharsets.ISO_8859_1);
            this.tokens.put(id, token);
            idOf.put(token, id);
        });
    }

    /**
     * Creates the vocabulary of a file.
     *
     * @throws BadFileException if a byte has no token, because text that contains this byte could not be encoded
     */
    static Vocabulary of(Path file, Map<Integer, byte[]> tokens) {
        Vocabulary vocabulary = new Vocabulary(tokens);
        for (int value = 0; value < 256; value++) {
            if (vocabulary.id(String.valueOf((char) value)) == NO_ID) {
                throw new BadFileException(file, "expected a token for every byte, found none for byte " + value);
            }
        }
        return vocabulary;
    }

    /**
     * Returns the id at a key in a file.
     *
     * @throws BadFileException if the value is not an integer of 0 or more
     */
    static int id(JsonFile file, String key, JsonNode value) {
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (whole && value.intValue() >= 0 && value.intValue() != NO_ID) return value.intValue();
        throw file.wrong(key, "an id of 0 or more", value);
    }

    /** Returns the id of bytes given as Latin-1, or {@link #NO_ID} if they are not a token. */
    int id(String latin1) {
        return idOf.getOrDefault(latin1, NO_ID);
    }

    int id(byte[] bytes) {
        return id(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Returns the ids of the individual bytes of a piece. */
    int[] byteIds(byte[] piece) {
        int[] ids = new int[piece.length];
        for (int i = 0; i < ids.length; i++) ids[i] = id(String.valueOf((char) Byte.toUnsignedInt(piece[i])));
        return ids;
    }

    boolean contains(int id) {
        return tokens.containsKey(id);
    }

    /** Returns the bytes of a token as Latin-1, or an empty string for other ids. */
    String latin1(int id) {
        return tokens.getOrDefault(id, "");
    }

    /** Returns the bytes of a token, or an empty array for other ids. */
    byte[] bytes(int id) {
        return latin1(id).getBytes(StandardCharsets.ISO_8859_1);
    }

    SortedSet<Integer> ids() {
        return new TreeSet<>(tokens.keySet());
    }

    int size() {
        return tokens.size();
    }

    /** Returns the length of the longest token in bytes. */
    int longestToken() {
        return tokens.values().stream().mapToInt(String::length).max().orElse(0);
    }
}
