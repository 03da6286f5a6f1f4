package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sparrow.formats.text.ByteAlphabet;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.GgufValue;

/**
 * The vocabulary metadata, without which llama.cpp does not load a model: the text and kind of every token, and the
 * merges of byte-pair encoding. Sparrow reads the tokenizer's files instead.
 */
public final class VocabularyKeys {
    /** Token types, as numbered by llama.cpp. */
    private static final int NORMAL = 1;

    private static final int CONTROL = 3;
    private static final int UNUSED = 5;

    private VocabularyKeys() {}

    /**
     * Returns the keys for a tokenizer.
     *
     * @param vocabulary the number of rows in the embedding; ids without a token are padding
     */
    public static Map<String, GgufValue> of(Architecture architecture, Tokenizer tokenizer, int vocabulary) {
        List<String> tokens = new ArrayList<>();
        List<Integer> kinds = new ArrayList<>();
        for (int id = 0; id < vocabulary; id++) {
            byte[] bytes = tokenizer.textBytes(id);
            if (bytes.length > 0) add(tokens, kinds, ByteAlphabet.write(bytes), NORMAL);
            else if (tokenizer.isAdded(id)) add(tokens, kinds, tokenizer.decode(id), CONTROL);
            else add(tokens, kinds, "[PAD" + id + "]", UNUSED);
        }
        List<String> merges = tokenizer.merges().stream()
                .map(merge -> ByteAlphabet.write(merge.left()) + " " + ByteAlphabet.write(merge.right()))
                .toList();
        Map<String, GgufValue> keys = keys(splitting(architecture), tokens, kinds, merges);
        tokenizer.id("<|endoftext|>").ifPresent(id -> keys.put("tokenizer.ggml.eos_token_id", new GgufValue.Whole(id)));
        tokenizer
                .id(endOfTurn(architecture))
                .ifPresent(id -> keys.put("tokenizer.ggml.eot_token_id", new GgufValue.Whole(id)));
        return keys;
    }

    /**
     * Returns the keys of a byte-level vocabulary whose control tokens follow the text tokens.
     *
     * @param texts the bytes of each text token
     * @param controls the control tokens
     * @param merges the two parts of each merge, separated by a space, in {@link ByteAlphabet}'s notation
     */
    public static Map<String, GgufValue> of(
            Architecture architecture, List<byte[]> texts, List<String> controls, List<String> merges) {
        List<String> tokens = new ArrayList<>();
        List<Integer> kinds = new ArrayList<>();
        for (byte[] text : texts) add(tokens, kinds, ByteAlphabet.write(text), NORMAL);
        for (String control : controls) add(tokens, kinds, control, CONTROL);
        Map<String, GgufValue> keys = keys(splitting(architecture), tokens, kinds, merges);
        int end = texts.size() + controls.indexOf(endOfTurn(architecture));
        keys.put("tokenizer.ggml.eos_token_id", new GgufValue.Whole(end));
        keys.put("tokenizer.ggml.eot_token_id", new GgufValue.Whole(end));
        return keys;
    }

    /** Returns the keys of an artificial vocabulary, which llama.cpp requires to load a model with random weights. */
    public static Map<String, GgufValue> meaningless(Architecture architecture, int vocabulary) {
        List<String> tokens =
                IntStream.range(0, vocabulary).mapToObj(id -> "tok" + id).toList();
        List<Integer> kinds =
                IntStream.range(0, vocabulary).mapToObj(id -> NORMAL).toList();
        Map<String, GgufValue> keys = keys(splitting(architecture), tokens, kinds, List.of("t o"));
        keys.put("tokenizer.ggml.eos_token_id", new GgufValue.Whole(0));
        return keys;
    }

    /** Returns llama.cpp's name for the pre-tokenizer, which splits text before byte-pair encoding. */
    private static String splitting(Architecture architecture) {
        return switch (architecture) {
            case CHATGLM -> "chatglm-bpe";
            case QWEN2 -> "qwen2";
            case LFM2, LFM3 -> "lfm2";
        };
    }

    /** Returns the token that ends a turn in the family that uses this architecture. */
    private static String endOfTurn(Architecture architecture) {
        return switch (architecture) {
            case CHATGLM -> "<|user|>";
            case QWEN2 -> "<|EOT|>";
            case LFM2, LFM3 -> "<|im_end|>";
        };
    }

    private static void add(List<String> tokens, List<Integer> kinds, String token, int kind) {
        tokens.add(token);
        kinds.add(kind);
    }

    private static Map<String, GgufValue> keys(
            String splitting, List<String> tokens, List<Integer> kinds, List<String> merges) {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("tokenizer.ggml.model", new GgufValue.Text("gpt2"));
        keys.put("tokenizer.ggml.pre", new GgufValue.Text(splitting));
        keys.put("tokenizer.ggml.tokens", new GgufValue.Texts(tokens));
        keys.put("tokenizer.ggml.token_type", new GgufValue.Integers(kinds));
        keys.put("tokenizer.ggml.merges", new GgufValue.Texts(merges));
        keys.put("tokenizer.ggml.add_bos_token", new GgufValue.Flag(false));
        return keys;
    }
}
