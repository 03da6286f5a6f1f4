package sparrow.formats.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.formats.text.TokenizerCases.smallVocabulary;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.formats.BadFileException;

/** A byte-level tokenizer in three files, and what is refused in them. */
class ByteLevelFilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void whole() throws IOException {
        write("vocab.json", smallVocabulary().toString());
        write("merges.txt", "#version: 0.2\na b\nab a\n");
        write("added_tokens.json", "{\"<x>\": 300}");
    }

    @Test
    void areNamedWhereThereIsNone() throws IOException {
        Files.delete(folder.resolve("vocab.json"));
        refused("expected tokenizer.json, or vocab.json, merges.txt and added_tokens.json, found neither");
    }

    @Test
    void areRead() throws IOException {
        assertThat(Tokenizer.openByteLevel(folder).encode("aba<x>ab")).containsExactly(257, 300, 256);
    }

    @Test
    void mayLackTheVersionAndHaveEmptyLines() throws IOException {
        write("merges.txt", "a b\n\nab a");
        assertThat(Tokenizer.openByteLevel(folder).encode("aba")).containsExactly(257);
    }

    @Test
    void areAllNeeded() throws IOException {
        for (String name : new String[] {"added_tokens.json", "merges.txt"}) {
            Files.delete(folder.resolve(name));
            refused(name + ": no such file");
        }
    }

    @Test
    void areRefusedByLine() throws IOException {
        merges("ab");
        refused("merges.txt: line 2: expected two tokens separated by a space");
        merges("ab ");
        refused("line 2: expected two tokens");
        merges("a b a");
        refused("line 2: expected characters of the byte-level alphabet, found U+0020");
        merges("a 天");
        refused("line 2: expected characters of the byte-level alphabet, found U+5929");
        merges("a b\na c");
        refused("line 3: expected a merge of two tokens into a third, but the vocabulary has no 'ac'");
        merges("ac b");
        refused("has no 'ac'");
        merges("a b\na b");
        refused("line 3: the merge of a and b occurs twice");
        Files.write(folder.resolve("merges.txt"), "a é\n".getBytes(StandardCharsets.ISO_8859_1));
        refused("line 1: expected characters of the byte-level alphabet, found U+FFFD");
        try (FileChannel file = FileChannel.open(folder.resolve("merges.txt"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[1]), 64 << 20);
        }
        refused("merges.txt: expected at most 64 MiB, found 67108865 bytes");
    }

    @Test
    void areRefusedByKey() throws IOException {
        write("vocab.json", "{");
        refused("vocab.json: not JSON");
        write("vocab.json", "");
        refused("vocab.json: expected a JSON object");
        write("vocab.json", smallVocabulary() + "{}");
        refused("vocab.json: not JSON");
        write("vocab.json", "{\"a\": 1, \"a\": 2}");
        refused("vocab.json: not JSON: Duplicate field 'a'");
        write("vocab.json", smallVocabulary().put("ba", -1).toString());
        refused("vocab.json: ba: expected an id of 0 or more, found -1");
        write("vocab.json", smallVocabulary().put("ba", 1.5).toString());
        refused("ba: expected an id");
        write("vocab.json", smallVocabulary().put("ba", Integer.MAX_VALUE).toString());
        refused("ba: expected an id");
        write("vocab.json", smallVocabulary().put("ba", 1L << 32).toString());
        refused("ba: expected an id");
        write("vocab.json", smallVocabulary().put("ba", "7").toString());
        refused("ba: expected an id");
        write("vocab.json", smallVocabulary().put("ba", 256).toString());
        refused("ba: id 256 occurs twice");
        write("vocab.json", smallVocabulary().put("b a", 400).toString());
        refused("b a: expected characters of the byte-level alphabet, found U+0020");
        write("vocab.json", smallVocabulary().put("", 400).toString());
        refused("expected a token of at least one byte");
        ObjectNode withoutBlank = smallVocabulary();
        withoutBlank.remove("Ġ");
        write("vocab.json", withoutBlank.toString());
        refused("vocab.json: expected a token for every byte, found none for byte 32");
    }

    @Test
    void areRefusedByAddedToken() throws IOException {
        write("added_tokens.json", "[]");
        refused("added_tokens.json: expected a JSON object");
        write("added_tokens.json", "{\"<x>\": \"300\"}");
        refused("added_tokens.json: <x>: expected an id of 0 or more, found \"300\"");
        write("added_tokens.json", "{\"<x>\": 256}");
        refused("<x>: the id already belongs to a byte-pair token");
        write("added_tokens.json", "{\"<x>\": 300, \"<y>\": 300}");
        refused("<y>: the id occurs twice");
        write("added_tokens.json", "{\"\": 300}");
        refused("expected a non-empty token");
    }

    private void merges(String lines) throws IOException {
        write("merges.txt", "#version: 0.2\n" + lines + "\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Tokenizer.openByteLevel(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }
}
