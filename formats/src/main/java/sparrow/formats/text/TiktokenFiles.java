package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.StrictJson;

/** Reads and validates the two files of a tokenizer in tiktoken's format. */
final class TiktokenFiles {
    private TiktokenFiles() {}

    /**
     * Reads the tokens of {@code tokenizer.model}. Each line consists of the token in base64, a space and the rank.
     * Ranks may have gaps.
     *
     * @throws BadFileException if the file is missing or too large, if a line is invalid, if a rank or token occurs
     *     twice, or if a byte has no token
     */
    static Vocabulary ranks(Path file) throws IOException {
        Map<Integer, byte[]> tokens = new HashMap<>();
        Set<String> seen = new HashSet<>();
        // Latin-1 accepts every byte, so that invalid bytes are reported as invalid base64 with their line.
        try (BufferedReader lines = LineFile.open(file, StandardCharsets.ISO_8859_1)) {
            String line;
            for (int number = 1; (line = lines.readLine()) != null; number++) {
                if (!line.isEmpty()) readLine(file, "line " + number, line, tokens, seen);
            }
        }
        return Vocabulary.of(file, tokens);
    }

    private static void readLine(Path file, String place, String line, Map<Integer, byte[]> tokens, Set<String> seen) {
        int blank = line.indexOf(' ');
        byte[] bytes;
        int rank;
        try {
            bytes = Base64.getDecoder().decode(line.substring(0, Math.max(blank, 0)));
            rank = Integer.parseInt(line.substring(blank + 1));
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, place, "expected base64, a space and a rank");
        }
        if (bytes.length == 0) throw new BadFileException(file, place, "expected a token of at least one byte");
        if (rank < 0 || rank == Vocabulary.NO_ID)
            throw new BadFileException(file, place, "expected a rank of 0 to 2^31-2, found " + rank);
        if (tokens.put(rank, bytes) != null) throw new BadFileException(file, place, "rank " + rank + " occurs twice");
        if (!seen.add(new String(bytes, StandardCharsets.ISO_8859_1))) {
            throw new BadFileException(file, place, "the token occurs twice");
        }
    }

    /**
     * Reads added tokens by id from {@code added_tokens_decoder} of {@code tokenizer_config.json}, if present.
     *
     * @throws BadFileException if a key or value is invalid, or if an id or token occurs twice
     */
    static Map<Integer, String> added(Path path, Vocabulary vocabulary) throws IOException {
        JsonFile file = JsonFile.read(path, StrictJson.Bounds.VOCABULARY);
        AddedTokenList added = new AddedTokenList(file, vocabulary);
        if (file.at("added_tokens_decoder").isMissingNode()) return added.byId();
        for (Map.Entry<String, JsonNode> entry :
                file.object("added_tokens_decoder").properties()) {
            String key = "added_tokens_decoder." + entry.getKey();
            added.add(key, id(path, key, entry.getKey()), entry.getValue());
        }
        return added.byId();
    }

    private static int id(Path file, String key, String text) {
        try {
            int id = Integer.parseInt(text);
            if (id >= 0) return id;
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new BadFileException(file, key, "expected an id of 0 or more as key");
    }
}
