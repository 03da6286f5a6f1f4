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

    private static void config(Path folder, Map<Integer, String> added, String tokenizerClass) throws IOException {
        try (JsonGenerator json = json(folder.resolve("tokenizer_config.json"))) {
            json.writeStartObject();
            json.writeObjectFieldStart("added_tokens_decoder");
            for (Map.Entry<Integer, String> token : added.entrySet()) {
                json.writeObjectFieldStart(String.valueOf(token.getKey()));
                json.writeStringField("content", token.getValue());
                for (String flag : List.of("lstrip", "normalized", "rstrip", "single_word")) {
                    json.writeBooleanField(flag, false);
                }
                json.writeBooleanField("special", true);
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeStringField("tokenizer_class", tokenizerClass);
            json.writeEndObject();
        }
    }

    private static JsonGenerator json(Path file) throws IOException {
        return new JsonFactory().createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    }
}
