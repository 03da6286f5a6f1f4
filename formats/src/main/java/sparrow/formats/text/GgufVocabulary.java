package sparrow.formats.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;

/**
 * Reads the vocabulary of a GGUF file. It must be a byte-level vocabulary whose text is split as by llama.cpp's
 * {@code lfm2} pre-tokenizer. This splitting is the same as Llama 3's, except that pieces that are tokens are not split
 * further.
 */
final class GgufVocabulary {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String SPLITTING = "tokenizer.ggml.pre";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String KINDS = "tokenizer.ggml.token_type";
    private static final String MERGES = "tokenizer.ggml.merges";

    /** llama.cpp's token types. */
    private static final int NORMAL = 1;

    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    private GgufVocabulary() {}

    /**
     * Reads the tokenizer of a GGUF file.
     *
     * @throws BadFileException if a key is missing or invalid, or describes a different type of tokenizer
     */
    static Tokenizer read(Gguf gguf) {
        GgufMetadata values = gguf.values();
        values.expect(MODEL, "gpt2");
        values.expect(SPLITTING, "lfm2");
        List<String> tokens = values.texts(TOKENS);
        int[] kinds = values.integers(KINDS);
        if (kinds.length != tokens.size()) throw values.wrong(KINDS, tokens.size() + " kinds", kinds.length);
        Map<Integer, byte[]> text = new HashMap<>();
        Set<String> normal = new HashSet<>();
        Map<Integer, String> added = new TreeMap<>();
        for (int id = 0; id < kinds.length; id++) {
            switch (kinds[id]) {
                case NORMAL -> {
                    text.put(id, bytes(gguf, id, tokens.get(id)));
                    if (!normal.add(tokens.get(id))) {
                        throw values.wrong(TOKENS, "unique strings", "'" + tokens.get(id) + "' again for id " + id);
                    }
                }
                case CONTROL, USER_DEFINED -> added.put(id, tokens.get(id));
                case UNUSED -> {} // vocabulary padding
                default -> throw values.wrong(KINDS, "kinds 1, 3, 4 and 5", kinds[id] + " of token " + id);
            }
        }
        checkAdded(values, added);
        Vocabulary vocabulary = Vocabulary.of(gguf.source(), text);
        ListedMerges merges = new ListedMerges(vocabulary, true);
        List<String> list = values.texts(MERGES);
        for (int i = 0; i < list.size(); i++) {
            ByteLevelFiles.addMerge(merges, gguf.source(), "key " + MERGES + " " + i, list.get(i));
        }
        return new Tokenizer(
                vocabulary, added, new Splitting(Splitting.Digits.IN_THREES, Splitting.Normalisation.NONE), merges);
    }

    private static byte[] bytes(Gguf gguf, int id, String name) {
        try {
            if (name.isEmpty()) throw new IllegalArgumentException("expected a token of at least one byte");
            return ByteAlphabet.read(name);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(gguf.source(), "key " + TOKENS + " " + id, e.getMessage());
        }
    }

    private static void checkAdded(GgufMetadata values, Map<Integer, String> added) {
        Set<String> contents = new HashSet<>();
        added.forEach((id, token) -> {
            if (token.isEmpty() || !contents.add(token)) {
                throw values.wrong(TOKENS, "unique, non-empty added tokens", "'" + token + "' for id " + id);
            }
        });
    }
}
