package sparrow.models.random;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import sparrow.engine.text.ByteAlphabet;

/** Writes a made-up vocabulary and added tokens in the files that published models have. */
public final class SyntheticFiles {
    /** Llama 3's rule, as {@code tokenizer.json} has it. */
    private static final String LLAMA3_SPLIT = """
        {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"}},
          {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}
        """;

    private SyntheticFiles() {}

    /** {@code tokenizer.model} and {@code tokenizer_config.json}, the tiktoken form. */
    public static void tiktoken(
            Path folder, SyntheticBytePairs vocabulary, Map<Integer, String> added, String tokenizerClass)
            throws IOException {
        try (Writer lines = Files.newBufferedWriter(folder.resolve("tokenizer.model"), StandardCharsets.US_ASCII)) {
            List<byte[]> tokens = vocabulary.tokens();
            for (int id = 0; id < tokens.size(); id++) {
                lines.write(Base64.getEncoder().encodeToString(tokens.get(id)) + " " + id + "\n");
            }
        }
        config(folder, added, tokenizerClass);
    }

    /** {@code vocab.json}, {@code merges.txt}, {@code added_tokens.json} and {@code tokenizer_config.json}. */
    public static void byteLevel(
            Path folder, SyntheticBytePairs vocabulary, Map<Integer, String> added, String tokenizerClass)
            throws IOException {
        try (JsonGenerator json = json(folder.resolve("vocab.json"))) {
            json.writeStartObject();
            List<byte[]> tokens = vocabulary.tokens();
            for (int id = 0; id < tokens.size(); id++) {
                json.writeNumberField(ByteAlphabet.write(tokens.get(id)), id);
            }
            json.writeEndObject();
        }
        try (Writer lines = Files.newBufferedWriter(folder.resolve("merges.txt"), StandardCharsets.UTF_8)) {
            lines.write("#version: 0.2\n");
            for (SyntheticBytePairs.Merge merge : vocabulary.merges()) {
                lines.write(ByteAlphabet.write(merge.left()) + " " + ByteAlphabet.write(merge.right()) + "\n");
            }
        }
        try (JsonGenerator json = json(folder.resolve("added_tokens.json"))) {
            json.writeStartObject();
            for (Map.Entry<Integer, String> token : added.entrySet())
                json.writeNumberField(token.getValue(), token.getKey());
            json.writeEndObject();
        }
        config(folder, added, tokenizerClass);
    }

    /** {@code tokenizer.json} of Llama 3's rule, as LFM2 has it; the byte-pair tokens follow the added ones. */
    public static void tokenizerJson(Path folder, SyntheticBytePairs vocabulary, Map<Integer, String> added)
            throws IOException {
        try (JsonGenerator json = json(folder.resolve("tokenizer.json"))) {
            json.writeStartObject();
            json.writeArrayFieldStart("added_tokens");
            for (Map.Entry<Integer, String> token : added.entrySet()) {
                json.writeStartObject();
                json.writeNumberField("id", token.getKey());
                description(json, token.getValue());
            }
            json.writeEndArray();
            json.writeFieldName("pre_tokenizer");
            json.writeRawValue(LLAMA3_SPLIT);
            json.writeObjectFieldStart("decoder");
            json.writeStringField("type", "ByteLevel");
            json.writeEndObject();
            json.writeObjectFieldStart("model");
            json.writeStringField("type", "BPE");
            json.writeObjectFieldStart("vocab");
            List<byte[]> tokens = vocabulary.tokens();
            for (int id = 0; id < tokens.size(); id++) {
                json.writeNumberField(ByteAlphabet.write(tokens.get(id)), added.size() + id);
            }
            json.writeEndObject();
            json.writeArrayFieldStart("merges");
            for (SyntheticBytePairs.Merge merge : vocabulary.merges()) {
                json.writeString(ByteAlphabet.write(merge.left()) + " " + ByteAlphabet.write(merge.right()));
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static void config(Path folder, Map<Integer, String> added, String tokenizerClass) throws IOException {
        try (JsonGenerator json = json(folder.resolve("tokenizer_config.json"))) {
            json.writeStartObject();
            json.writeObjectFieldStart("added_tokens_decoder");
            for (Map.Entry<Integer, String> token : added.entrySet()) {
                json.writeObjectFieldStart(String.valueOf(token.getKey()));
                description(json, token.getValue());
            }
            json.writeEndObject();
            json.writeStringField("tokenizer_class", tokenizerClass);
            json.writeEndObject();
        }
    }

    /** The rest of the open object of an added token. */
    private static void description(JsonGenerator json, String content) throws IOException {
        json.writeStringField("content", content);
        for (String flag : List.of("lstrip", "normalized", "rstrip", "single_word")) {
            json.writeBooleanField(flag, false);
        }
        json.writeBooleanField("special", true);
        json.writeEndObject();
    }

    private static JsonGenerator json(Path file) throws IOException {
        return new JsonFactory().createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    }
}
