package sparrow.formats.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The shared part of the tests of all tokenizers: golden cases, texts at random, decoding by pieces. */
final class TokenizerCases {
    static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));

    private TokenizerCases() {}

    static Stream<JsonNode> cases(Path file, String kind) throws IOException {
        return StreamSupport.stream(
                new ObjectMapper().readTree(file.toFile()).get(kind).spliterator(), false);
    }

    static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    static String streamed(Tokenizer tokenizer, int... ids) {
        TextStream stream = tokenizer.stream();
        StringBuilder text = new StringBuilder();
        for (int id : ids) text.append(stream.accept(id));
        return text.append(stream.finish()).toString();
    }

    /** Any characters, among them unusual planes, and one in three times one of the odd texts. */
    static String text(SplittableRandom random, String... odd) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            int point = random.nextInt(random.nextBoolean() ? 0x250 : 0x110000);
            boolean surrogate = point >= 0xD800 && point < 0xE000; // alone it is no character
            if (surrogate || random.nextInt(3) == 0) text.append(odd[random.nextInt(odd.length)]);
            else text.appendCodePoint(point);
        }
        return text.toString();
    }

    /** A table of byte-level names: the 256 bytes by value, then ab and aba. */
    static ObjectNode smallVocabulary() {
        ObjectNode tokens = new ObjectMapper().createObjectNode();
        for (int value = 0; value < 256; value++) tokens.put(ByteAlphabet.write(new byte[] {(byte) value}), value);
        return tokens.put("ab", 256).put("aba", 257);
    }
}
