package sparrow.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import sparrow.engine.weights.BadFileException;

/**
 * Reads {@code tokenizer.json}, the format of Hugging Face's tokenizers library, where it describes a byte-level
 * tokenizer of the Qwen2 family. Any other request is refused: it would change the ids.
 */
final class TokenizerJson {
    /** Options of the library's BPE model that Qwen2's does not have. */
    private static final List<String> OFF =
            List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges");

    private TokenizerJson() {}

    /**
     * Reads a file.
     *
     * @throws BadFileException if it is missing, wrong in itself, or describes another kind of tokenizer
     */
    static Tokenizer read(Path path) throws IOException {
        JsonFile file = JsonFile.read(path);
        expectQwen2(file);
        Vocabulary vocabulary = ByteLevelFiles.vocabulary(file, "model.vocab.", file.object("model.vocab"));
        AddedTokenList added = new AddedTokenList(file, vocabulary);
        JsonNode descriptions = file.list("added_tokens");
        for (int i = 0; i < descriptions.size(); i++) {
            String key = "added_tokens." + i;
            int id = file.id(key + ".id", descriptions.get(i).path("id"));
            added.add(key, id, descriptions.get(i));
        }
        return new Tokenizer(vocabulary, added.byId(), Splitting.QWEN2, merges(file, vocabulary));
    }

    private static void expectQwen2(JsonFile file) {
        file.expect("normalizer.type", "NFC");
        file.expect("pre_tokenizer.type", "Sequence");
        file.expect("pre_tokenizer.pretokenizers.0.type", "Split");
        file.expect("pre_tokenizer.pretokenizers.0.pattern.Regex", Splitting.QWEN2.pattern());
        file.expect("pre_tokenizer.pretokenizers.0.behavior", "Isolated");
        file.expectOff("pre_tokenizer.pretokenizers.0.invert");
        file.expect("pre_tokenizer.pretokenizers.1.type", "ByteLevel");
        file.expect("pre_tokenizer.pretokenizers.1.add_prefix_space", "false");
        file.expect("pre_tokenizer.pretokenizers.1.use_regex", "false"); // absent, it would split once more
        file.expectOff("pre_tokenizer.pretokenizers.2");
        // A byte-level post-processor only moves offsets; another one may add tokens.
        if (!JsonFile.isOff(file.at("post_processor"))) file.expect("post_processor.type", "ByteLevel");
        file.expect("decoder.type", "ByteLevel");
        file.expect("model.type", "BPE");
        for (String option : OFF) file.expectOff("model." + option);
    }

    /** Merges are strings with a blank between two tokens, or lists of two, as later versions of the library write them. */
    private static ListedMerges merges(JsonFile file, Vocabulary vocabulary) {
        ListedMerges merges = new ListedMerges(vocabulary);
        JsonNode list = file.list("model.merges");
        for (int i = 0; i < list.size(); i++) {
            String key = "model.merges." + i;
            JsonNode merge = list.get(i);
            if (merge.isTextual()) {
                ByteLevelFiles.addMerge(merges, file.path(), key, merge.textValue());
            } else if (merge.size() == 2
                    && merge.path(0).isTextual()
                    && merge.path(1).isTextual()) {
                ByteLevelFiles.addMerge(
                        merges,
                        file.path(),
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
