package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.formats.text.TokenizerCases.smallVocabulary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;

/** A byte-level tokenizer in one file, and what is refused in it. */
class TokenizerJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private ObjectNode json;

    @BeforeEach
    void whole() throws IOException {
        json = (ObjectNode) JSON.readTree("""
            {
              "added_tokens": [
                {"id": 300, "content": "<x>", "single_word": false, "lstrip": false, "rstrip": false,
                 "normalized": false, "special": true}
              ],
              "normalizer": {"type": "NFC"},
              "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                  {"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": false},
                  {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}
                ]
              },
              "post_processor": {"type": "ByteLevel"},
              "decoder": {"type": "ByteLevel"},
              "model": {
                "type": "BPE",
                "dropout": null,
                "continuing_subword_prefix": "",
                "byte_fallback": false,
                "merges": ["a b", ["ab", "a"]]
              }
            }
            """);
        at("pre_tokenizer.pretokenizers.0.pattern").put("Regex", Splitting.Digits.ONE_BY_ONE.pattern());
        at("model").set("vocab", smallVocabulary());
        write();
    }

    @Test
    void isRead() throws IOException {
        assertThat(Tokenizer.openByteLevel(folder).encode("aba<x>ab")).containsExactly(257, 300, 256);
    }

    @Test
    void isReadBeforeTheThree() throws IOException {
        Files.writeString(folder.resolve("vocab.json"), "{");
        assertThat(Tokenizer.openByteLevel(folder).textTokens()).isEqualTo(258);
    }

    @Test
    void mayHaveNoPostProcessor() throws IOException {
        json.putNull("post_processor");
        write();
        assertThat(Tokenizer.openByteLevel(folder).encode("aba")).containsExactly(257);
    }

    @Test
    void normalisesNothingIfThereIsNoNormalizer() throws IOException {
        String decomposed = "e\u0301";
        Tokenizer composing = Tokenizer.openByteLevel(folder);
        json.putNull("normalizer");
        write();
        Tokenizer plain = Tokenizer.openByteLevel(folder);

        assertThat(composing.decode(composing.encode(decomposed))).isEqualTo("\u00e9");
        assertThat(plain.decode(plain.encode(decomposed))).isEqualTo(decomposed);
    }

    @Test
    void takesAPieceThatIsATokenAsItIsWhereMergesAreIgnored() throws IOException {
        ((ObjectNode) json.at("/model")).putArray("merges");
        write();
        assertThat(Tokenizer.openByteLevel(folder).encode("aba")).hasSize(3);

        ((ObjectNode) json.at("/model")).put("ignore_merges", true);
        write();
        assertThat(Tokenizer.openByteLevel(folder).encode("aba")).containsExactly(257);
    }

    @Test
    void mayListAddedTokensInTheVocabularyToo() throws IOException {
        ((ObjectNode) json.at("/model/vocab")).put("<x>", 300);
        write();
        Tokenizer tokenizer = Tokenizer.openByteLevel(folder);

        assertThat(tokenizer.encode("aba<x>ab")).containsExactly(257, 300, 256);
        assertThat(tokenizer.textBytes(300)).isEmpty();
    }

    @Test
    void mayHaveATemplateOfItsPostProcessor() throws IOException {
        ObjectNode sequence = json.putObject("post_processor").put("type", "Sequence");
        sequence.putArray("processors").addObject().put("type", "TemplateProcessing");
        write();
        assertThat(Tokenizer.openByteLevel(folder).encode("aba")).containsExactly(257);
    }

    @Test
    void isRefusedIfItSplitsOtherwise() throws IOException {
        refusedWith("normalizer.type", "\"NFKC\"", "expected NFC, found \"NFKC\"");
        refusedWith("pre_tokenizer.type", "\"Whitespace\"", "expected Sequence");
        refusedWith("pre_tokenizer.pretokenizers.0.type", "\"Digits\"", "expected Split");
        refusedWith("pre_tokenizer.pretokenizers.0.pattern.Regex", "\"\\\\s+\"", "expected (?i:'s");
        refusedWith("pre_tokenizer.pretokenizers.0.behavior", "\"Removed\"", "expected Isolated");
        refusedWith("pre_tokenizer.pretokenizers.0.invert", "true", "expected this option to be off, found true");
        refusedWith("pre_tokenizer.pretokenizers.1.type", "\"Metaspace\"", "expected ByteLevel");
        refusedWith("pre_tokenizer.pretokenizers.1.add_prefix_space", "true", "expected false");
        refusedWith("pre_tokenizer.pretokenizers.1.use_regex", "true", "expected false");
        ((ArrayNode) json.at("/pre_tokenizer/pretokenizers")).addObject().put("type", "Digits");
        write();
        refused("pre_tokenizer.pretokenizers.2: expected this option to be off, found {\"type\":\"Digits\"}");
    }

    @Test
    void isRefusedIfItMergesOtherwise() throws IOException {
        refusedWith("model.type", "\"Unigram\"", "expected BPE, found \"Unigram\"");
        refusedWith("model.dropout", "0.1", "expected this option to be off, found 0.1");
        refusedWith("model.continuing_subword_prefix", "\"##\"", "expected this option to be off");
        refusedWith("model.end_of_word_suffix", "\"</w>\"", "expected this option to be off");
        refusedWith("model.byte_fallback", "true", "expected this option to be off");
        refusedWith("decoder.type", "\"Metaspace\"", "expected ByteLevel");
        refusedWith("post_processor.type", "\"BertProcessing\"", "expected ByteLevel");
    }

    @Test
    void isRefusedIfItsListsAreWrong() throws IOException {
        refusedWith("model.vocab", "[]", "expected an object, found []");
        refusedWith("model.vocab.ba", "256", "id 256 occurs twice");
        refusedWith("model.merges", "{}", "expected a list, found {}");
        refusedWith("model.merges.1", "[\"ab\"]", "expected two tokens, found [\"ab\"]");
        refusedWith("model.merges.1", "[1, 2]", "expected two tokens, found [1,2]");
        refusedWith("model.merges.1", "{\"ab\": 1, \"a\": 2}", "expected two tokens");
        refusedWith("model.merges.1", "\"aba\"", "expected two tokens separated by a space");
        refusedWith("model.merges.1", "[\"ab\", \"c\"]", "but the vocabulary has no 'abc'");
        refusedWith("model.merges.1", "[\"\", \"c\"]", "but the vocabulary has no ''");
    }

    @Test
    void isRefusedIfItsAddedTokensAreWrong() throws IOException {
        refusedWith("added_tokens", "{}", "expected a list, found {}");
        refusedWith("added_tokens.0.id", "\"300\"", "expected an id of 0 or more");
        refusedWith("added_tokens.0", "7", "added_tokens.0.id: expected an id of 0 or more, found nothing");
        refusedWith("added_tokens.0.content", "7", "expected a string, found 7");
        refusedWith("added_tokens.0", "{\"id\": 300, \"content\": \"\"}", "expected a non-empty token");
        refusedWith(
                "added_tokens.0", "{\"id\": 257, \"content\": \"<x>\"}", "the id already belongs to a byte-pair token");
        for (String flag : new String[] {"lstrip", "rstrip", "single_word", "normalized"}) {
            refusedWith("added_tokens.0." + flag, "true", flag + ": expected false, found true");
        }
        ((ArrayNode) json.get("added_tokens")).addObject().put("id", 301).put("content", "<x>");
        write();
        refused("added_tokens.1: the token occurs twice");
    }

    /** Changes one value, expects to be refused for it, and puts it back. */
    private void refusedWith(String key, String value, String message) throws IOException {
        int dot = key.lastIndexOf('.');
        JsonNode parent = dot < 0 ? json : json.at("/" + key.substring(0, dot).replace('.', '/'));
        String name = key.substring(dot + 1);
        JsonNode before = json.deepCopy();
        if (parent instanceof ArrayNode list) list.set(Integer.parseInt(name), JSON.readTree(value));
        else ((ObjectNode) parent).set(name, JSON.readTree(value));
        write();
        refused("tokenizer.json: " + key, message);
        json = (ObjectNode) before;
    }

    private ObjectNode at(String key) {
        return (ObjectNode) json.at("/" + key.replace('.', '/'));
    }

    private void write() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    }

    private void refused(String... messages) {
        assertThatThrownBy(() -> Tokenizer.openByteLevel(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContainingAll(messages);
    }
}
