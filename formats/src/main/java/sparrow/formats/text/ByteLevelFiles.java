package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.StrictJson;

/**
 * Reads a byte-level tokenizer of the Qwen2 family from {@code vocab.json}, {@code merges.txt} and
 * {@code added_tokens.json}. These files do not define how text is split; the splitting depends on the family.
 */
final class ByteLevelFiles {
    private ByteLevelFiles() {}

    /**
     * Reads the three files of a folder that has no {@code tokenizer.json}.
     *
     * @throws BadFileException if a file is missing or invalid
     */
    static Tokenizer read(Path folder) throws IOException {
        Path names = folder.resolve("vocab.json");
        if (!Files.exists(names)) {
            throw new BadFileException(
                    folder, "expected tokenizer.json, or vocab.json, merges.txt and added_tokens.json, found neither");
        }
        JsonFile tokens = JsonFile.read(names, StrictJson.Bounds.VOCABULARY);
        Vocabulary vocabulary = vocabulary(tokens, "", tokens.root());
        ListedMerges merges = merges(folder.resolve("merges.txt"), vocabulary);
        JsonFile addedTokens = JsonFile.read(folder.resolve("added_tokens.json"), StrictJson.Bounds.VOCABULARY);
        AddedTokenList added = new AddedTokenList(addedTokens, vocabulary);
        for (Map.Entry<String, JsonNode> entry : addedTokens.root().properties()) {
            added.add(entry.getKey(), Vocabulary.id(addedTokens, entry.getKey(), entry.getValue()), entry.getKey());
        }
        return new Tokenizer(vocabulary, added.byId(), Splitting.QWEN2, merges);
    }

    /**
     * Reads a table that maps token names to ids.
     *
     * @param prefix prefix of the table's keys in messages
     * @throws BadFileException if a name or id is invalid, if an id occurs twice, or if a byte has no token
     */
    static Vocabulary vocabulary(JsonFile file, String prefix, JsonNode table) {
        Map<Integer, byte[]> tokens = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : table.properties()) {
            String key = prefix + entry.getKey();
            int id = Vocabulary.id(file, key, entry.getValue());
            byte[] bytes = bytes(file, key, entry.getKey());
            if (tokens.put(id, bytes) != null) {
                throw new BadFileException(file.file(), key, "id " + id + " occurs twice");
            }
        }
        return Vocabulary.of(file.file(), tokens);
    }

    private static byte[] bytes(JsonFile file, String key, String name) {
        if (name.isEmpty()) throw new BadFileException(file.file(), key, "expected a token of at least one byte");
        try {
            return ByteAlphabet.read(name);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file.file(), key, e.getMessage());
        }
    }

    /** Reads merges, with two names per line, separated by a space. The first line may contain a version. */
    private static ListedMerges merges(Path file, Vocabulary vocabulary) throws IOException {
        ListedMerges merges = new ListedMerges(vocabulary);
        // Malformed UTF-8 becomes U+FFFD, which is not in the alphabet, so the line is rejected.
        try (BufferedReader lines = LineFile.open(file, StandardCharsets.UTF_8)) {
            String line;
            for (int number = 1; (line = lines.readLine()) != null; number++) {
                boolean version = number == 1 && line.startsWith("#version:");
                if (!line.isEmpty() && !version) addMerge(merges, file, "line " + number, line);
            }
        }
        return merges;
    }

    /**
     * Adds a merge written as two names separated by a space.
     *
     * @param place line or key in the file, for messages
     * @throws BadFileException if the text has a different form, or if {@link ListedMerges#add} rejects the merge
     */
    static void addMerge(ListedMerges merges, Path file, String place, String pair) {
        int blank = pair.indexOf(' ');
        if (blank < 1 || blank == pair.length() - 1) {
            throw new BadFileException(file, place, "expected two tokens separated by a space");
        }
        addMerge(merges, file, place, pair.substring(0, blank), pair.substring(blank + 1));
    }

    /**
     * Adds a merge.
     *
     * @throws BadFileException if {@link ListedMerges#add} rejects the merge
     */
    static void addMerge(ListedMerges merges, Path file, String place, String left, String right) {
        try {
            merges.add(left, right);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, place, e.getMessage());
        }
    }
}
