package sparrow.bench.synth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import sparrow.formats.text.ByteAlphabet;

/** Writes a synthetic vocabulary and added tokens in the file formats of published models. */
final class SyntheticFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Llama 3's pre-tokenizer in {@code tokenizer.json}. */
    private static final String LLAMA3_SPLIT = """
        {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"}},
          {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]}
        """;

    private static final String BYTE_LEVEL_DECODER = """
        {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}
        """;

    private SyntheticFiles() {}

    /** Writes {@code tokenizer.model}, in the tiktoken format, and {@code tokenizer_config.json}. */
    public static void tiktoken(
            Path folder, SyntheticBytePairs vocabulary, Map<Integer, String> added, String tokenizerClass)
            throws IOException {
        List<byte[]> tokens = vocabulary.tokens();
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < tokens.size(); id++) {
            lines.append(Base64.getEncoder().encodeToString(tokens.get(id)) + " " + id + "\n");
        }
        Files.writeString(folder.resolve("tokenizer.model"), lines);
        config(folder, added, tokenizerClass);
    }

    /** Writes {@code vocab.json}, {@code merges.txt}, {@code added_tokens.json} and {@code tokenizer_config.json}. */
    public static void byteLevel(
            Path folder, SyntheticBytePairs vocabulary, Map<Integer, String> added, String tokenizerClass)
            throws IOException {
        write(folder.resolve("vocab.json"), ids(vocabulary, 0));
        Files.writeString(
                folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges(vocabulary)) + "\n");
        ObjectNode ids = JSON.createObjectNode();
        added.forEach((id, token) -> ids.put(token, id));
        write(folder.resolve("added_tokens.json"), ids);
        config(folder, added, tokenizerClass);
    }

    /**
     * Writes {@code tokenizer.json} with Llama 3's pre-tokenizer, as for LFM2. Byte-pair tokens follow added tokens.
     * Hugging Face's library requires all fields of the byte-level parts. It looks added tokens up in the model's
     * vocabulary and would otherwise give them new ids.
     */
    public static void tokenizerJson(Path folder, SyntheticBytePairs vocabulary, Map<Integer, String> added)
            throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode tokens = root.putArray("added_tokens");
        added.forEach((id, token) -> tokens.add(description(token).put("id", id)));
        root.set("pre_tokenizer", JSON.readTree(LLAMA3_SPLIT));
        root.set("decoder", JSON.readTree(BYTE_LEVEL_DECODER));
        ObjectNode model = root.putObject("model").put("type", "BPE").put("ignore_merges", true);
        ObjectNode ids = model.putObject("vocab");
        added.forEach((id, token) -> ids.put(token, id));
        ids.setAll(ids(vocabulary, added.size()));
        ArrayNode merges = model.putArray("merges");
        for (SyntheticBytePairs.Merge merge : vocabulary.merges()) {
            merges.addArray().add(ByteAlphabet.write(merge.left())).add(ByteAlphabet.write(merge.right()));
        }
        write(folder.resolve("tokenizer.json"), root);
    }

    private static ObjectNode ids(SyntheticBytePairs vocabulary, int first) {
        ObjectNode ids = JSON.createObjectNode();
        int id = first;
        for (byte[] token : vocabulary.tokens()) ids.put(ByteAlphabet.write(token), id++);
        return ids;
    }

    private static List<String> merges(SyntheticBytePairs vocabulary) {
        return vocabulary.merges().stream()
                .map(merge -> ByteAlphabet.write(merge.left()) + " " + ByteAlphabet.write(merge.right()))
                .toList();
    }

    private static void config(Path folder, Map<Integer, String> added, String tokenizerClass) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode tokens = root.putObject("added_tokens_decoder");
        added.forEach((id, token) -> tokens.set(String.valueOf(id), description(token)));
        write(folder.resolve("tokenizer_config.json"), root.put("tokenizer_class", tokenizerClass));
    }

    private static ObjectNode description(String content) {
        ObjectNode token = JSON.createObjectNode().put("content", content);
        for (String flag : List.of("lstrip", "normalized", "rstrip", "single_word")) token.put(flag, false);
        return token.put("special", true);
    }

    private static void write(Path file, JsonNode json) throws IOException {
        Files.write(file, JSON.writeValueAsBytes(json));
    }
}
