package sparrow.engine.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sparrow.engine.weights.BadFileException;

/** Reads the two files of a tiktoken-format tokenizer; what it returns has been held against itself. */
final class TokenizerFiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private TokenizerFiles() {}

    /**
     * Token bytes by rank: one token a line, base64, a blank, the rank. Ranks may have gaps.
     *
     * @throws BadFileException if a line is wrong, a rank or token occurs twice, or a single byte has no token
     */
    static Map<Integer, byte[]> ranks(Path file) throws IOException {
        requireFile(file);
        Map<Integer, byte[]> tokens = new HashMap<>();
        Set<String> seen = new HashSet<>();
        // Latin-1 accepts every byte; a foreign one then fails as base64, with its line.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line;
            for (int number = 1; (line = lines.readLine()) != null; number++) {
                if (!line.isEmpty()) readLine(file, "line " + number, line, tokens, seen);
            }
        }
        for (int value = 0; value < 256; value++) {
            if (!seen.contains(String.valueOf((char) value))) {
                throw new BadFileException(file, "expected a token for every byte, found none for byte " + value);
            }
        }
        return tokens;
    }

    private static void readLine(Path file, String place, String line, Map<Integer, byte[]> tokens, Set<String> seen) {
        int blank = line.indexOf(' ');
        byte[] bytes;
        int rank;
        try {
            bytes = Base64.getDecoder().decode(line.substring(0, Math.max(blank, 0)));
            rank = Integer.parseInt(line.substring(blank + 1));
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, place, "expected base64, a blank and a rank");
        }
        if (bytes.length == 0) throw new BadFileException(file, place, "expected a token of at least one byte");
        // The largest int is kept free as "no token".
        if (rank < 0 || rank == Integer.MAX_VALUE) throw new BadFileException(file, place, "rank " + rank);
        if (tokens.put(rank, bytes) != null) throw new BadFileException(file, place, "rank " + rank + " occurs twice");
        if (!seen.add(new String(bytes, StandardCharsets.ISO_8859_1))) {
            throw new BadFileException(file, place, "the token occurs twice");
        }
    }

    /**
     * Added tokens by id, from {@code added_tokens_decoder}.
     *
     * @param ranks ids that are taken
     * @throws BadFileException if a key or value is wrong, or an id or token occurs twice
     */
    static Map<Integer, String> added(Path file, Set<Integer> ranks) throws IOException {
        requireFile(file);
        JsonNode table;
        try {
            table = JSON.readTree(file.toFile()).path("added_tokens_decoder");
        } catch (JacksonException e) {
            throw new BadFileException(file, "not JSON: " + e.getOriginalMessage());
        }
        if (!table.isObject() && !table.isMissingNode()) {
            throw new BadFileException(
                    file, "added_tokens_decoder", "expected an object, found " + table.getNodeType());
        }
        Map<Integer, String> tokens = new TreeMap<>();
        Set<String> contents = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : table.properties()) {
            String key = "added_tokens_decoder." + entry.getKey();
            int id = id(file, key, entry.getKey());
            String token = content(file, key, entry.getValue());
            if (ranks.contains(id)) throw new BadFileException(file, key, "the id is one of tokenizer.model already");
            if (tokens.put(id, token) != null) throw new BadFileException(file, key, "the id occurs twice");
            if (!contents.add(token)) throw new BadFileException(file, key, "the token occurs twice");
        }
        return tokens;
    }

    private static int id(Path file, String key, String text) {
        try {
            int id = Integer.parseInt(text);
            if (id >= 0) return id;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadFileException(file, key, "expected an id of 0 or more as key");
    }

    private static String content(Path file, String key, JsonNode entry) {
        String content = entry.path("content").asText();
        if (content.isEmpty()) throw new BadFileException(file, key + ".content", "expected a text");
        for (String flag : new String[] {"lstrip", "rstrip", "single_word", "normalized"}) {
            if (entry.path(flag).asBoolean(false)) {
                throw new BadFileException(file, key + "." + flag, "expected false, found true");
            }
        }
        return content;
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
    }
}
