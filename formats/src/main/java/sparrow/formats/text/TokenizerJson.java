package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.StrictJson;

/**
 * Reads {@code tokenizer.json}, the format of Hugging Face's tokenizers library, if it describes a byte-level tokenizer
 * of the Qwen2 or Llama 3 family. Other options are rejected because they would change the ids.
 */
final class TokenizerJson {
    /** Options of the library's BPE model that neither family uses. */
    private static final List<String> OFF =
            List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback");

    private static final String PATTERN = "pre_tokenizer.pretokenizers.0.pattern.Regex";

    private TokenizerJson() {}

    /**
     * Reads a tokenizer from a file.
     *
     * @throws BadFileException if the file is missing, inconsistent, or describes a different type of tokenizer
     */
    static Tokenizer read(Path path) throws IOException {
        JsonFile file = JsonFile.read(path, StrictJson.Bounds.VOCABULARY);
        expectByteLevel(file);
        Splitting splitting = new Splitting(digits(file), normalisation(file));
        JsonNode descriptions = file.list("added_tokens");
        Vocabulary vocabulary = vocabulary(file, descriptions);
        AddedTokenList added = new AddedTokenList(file, vocabulary);
        for (int i = 0; i < descriptions.size(); i++) {
            String key = "added_tokens." + i;
            int id = Vocabulary.id(file, key + ".id", descriptions.get(i).path("id"));
            added.add(key, id, descriptions.get(i));
        }
        return new Tokenizer(vocabulary, added.byId(), splitting, merges(file, vocabulary));
    }

    /**
     * Reads the byte-pair tokens. LFM2's list also contains its added tokens, with the same ids. This method omits the
     * added tokens.
     */
    private static Vocabulary vocabulary(JsonFile file, JsonNode descriptions) {
        ObjectNode table = file.object("model.vocab").deepCopy();
        for (JsonNode description : descriptions) {
            String content = description.path("content").asText();
            if (table.has(content) && table.get(content).equals(description.get("id"))) table.remove(content);
        }
        return ByteLevelFiles.vocabulary(file, "model.vocab.", table);
    }

    private static Splitting.Digits digits(JsonFile file) {
        for (Splitting.Digits digits : Splitting.Digits.values()) {
            if (file.at(PATTERN).asText().equals(digits.pattern())) return digits;
        }
        throw file.wrong(
                PATTERN,
                Splitting.Digits.ONE_BY_ONE.pattern() + " (Qwen2), or the same with digits in threes (Llama 3)",
                file.at(PATTERN));
    }

    private static Splitting.Normalisation normalisation(JsonFile file) {
        if (JsonFile.isOff(file.at("normalizer"))) return Splitting.Normalisation.NONE;
        file.expect("normalizer.type", "NFC");
        return Splitting.Normalisation.NFC;
    }

    private static void expectByteLevel(JsonFile file) {
        file.expect("pre_tokenizer.type", "Sequence");
        file.expect("pre_tokenizer.pretokenizers.0.type", "Split");
        file.expect("pre_tokenizer.pretokenizers.0.behavior", "Isolated");
        file.expectOff("pre_tokenizer.pretokenizers.0.invert");
        file.expect("pre_tokenizer.pretokenizers.1.type", "ByteLevel");
        file.expect("pre_tokenizer.pretokenizers.1.add_prefix_space", "false");
        file.expect("pre_tokenizer.pretokenizers.1.use_regex", "false"); // the default, true, would split text again
        file.expectOff("pre_tokenizer.pretokenizers.2");
        expectHarmlessPostProcessor(file, "post_processor");
        file.expect("decoder.type", "ByteLevel");
        file.expect("model.type", "BPE");
        for (String option : OFF) file.expectOff("model." + option);
    }

    /**
     * Rejects post-processors that change ids. A byte-level post-processor changes only offsets, and a template adds
     * tokens only on request.
     */
    private static void expectHarmlessPostProcessor(JsonFile file, String key) {
        JsonNode processor = file.at(key);
        if (JsonFile.isOff(processor)) return;
        switch (processor.path("type").asText()) {
            case "ByteLevel", "TemplateProcessing" -> {}
            case "Sequence" -> {
                int count = file.list(key + ".processors").size();
                for (int i = 0; i < count; i++) expectHarmlessPostProcessor(file, key + ".processors." + i);
            }
            default ->
                throw file.wrong(key + ".type", "ByteLevel, TemplateProcessing or Sequence", processor.path("type"));
        }
    }

    /**
     * Reads merges. They are strings with two tokens separated by a space or, in later versions of the library, lists
     * of two tokens.
     */
    private static ListedMerges merges(JsonFile file, Vocabulary vocabulary) {
        boolean wholeTokens = !JsonFile.isOff(file.at("model.ignore_merges"));
        ListedMerges merges = new ListedMerges(vocabulary, wholeTokens);
        JsonNode list = file.list("model.merges");
        for (int i = 0; i < list.size(); i++) {
            String key = "model.merges." + i;
            JsonNode merge = list.get(i);
            if (merge.isTextual()) {
                ByteLevelFiles.addMerge(merges, file.file(), key, merge.textValue());
            } else if (merge.size() == 2
                    && merge.path(0).isTextual()
                    && merge.path(1).isTextual()) {
                ByteLevelFiles.addMerge(
                        merges,
                        file.file(),
                        key,
                        merge.get(0).textValue(),
                        merge.get(1).textValue());
            } else {
                throw file.wrong(key, "two tokens", merge);
            }
        }
        return merges;
    }
}
