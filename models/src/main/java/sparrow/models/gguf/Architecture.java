package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sparrow.engine.transformer.Rope;
import sparrow.formats.weights.Gguf;

/** The decoder families that are read from GGUF, by the names that llama.cpp gives them. */
public enum Architecture {
    /** One matrix for query, key and value, one for gate and up (in this order); half of a head turns, in pairs. */
    CHATGLM(Rope.Pairing.INTERLEAVED, Names.OUTPUT_NORM, List.of(Names.QKV, Names.UP), List.of(Names.QKV)),
    /** Every projection is a matrix of its own; a channel turns with the one half a head away. */
    QWEN2(
            Rope.Pairing.HALVES,
            Names.OUTPUT_NORM,
            List.of(Names.QUERY, Names.KEY, Names.VALUE, Names.GATE, Names.UP),
            List.of(Names.QUERY, Names.KEY, Names.VALUE)),
    /** As Qwen2's, without biases, but with norms of queries and keys; most layers have a short convolution in their place. */
    LFM2(
            Rope.Pairing.HALVES,
            "token_embd_norm.weight",
            List.of(Names.QUERY, Names.KEY, Names.VALUE, Names.GATE, Names.UP),
            List.of());

    private static final String KEY = "general.architecture";

    private final Rope.Pairing pairing;
    private final String outputNorm;
    private final List<String> inputs;
    private final List<String> biases;

    Architecture(Rope.Pairing pairing, String outputNorm, List<String> inputs, List<String> biases) {
        this.pairing = pairing;
        this.outputNorm = outputNorm;
        this.inputs = inputs;
        this.biases = biases;
    }

    /**
     * Returns the architecture of a file.
     *
     * @throws sparrow.formats.weights.BadFileException if it is another one, or the key is missing
     */
    static Architecture of(Gguf gguf) {
        String name = gguf.values().text(KEY);
        for (Architecture architecture : values()) {
            if (architecture.label().equals(name)) return architecture;
        }
        throw gguf.values().wrong(KEY, "chatglm, qwen2 or lfm2", name);
    }

    /** Name in the file, and first part of its keys. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Key of a size. */
    String key(String size) {
        return label() + "." + size;
    }

    Rope.Pairing pairing() {
        return pairing;
    }

    /** Name of the norm before the output matrix, [width]. */
    public String outputNorm() {
        return outputNorm;
    }

    /**
     * Parts of a layer, without {@code .weight}, that have a weight.
     *
     * @param attends false for a layer of {@link #LFM2} that convolves
     */
    List<String> weights(boolean attends) {
        if (!attends) {
            return List.of(
                    Names.ATTENTION_NORM,
                    Names.CONVOLUTION_INPUT,
                    Names.CONVOLUTION,
                    Names.CONVOLUTION_OUTPUT,
                    Names.FFN_NORM,
                    Names.GATE,
                    Names.UP,
                    Names.DOWN);
        }
        List<String> weights = new ArrayList<>(inputs);
        weights.addAll(List.of(Names.ATTENTION_NORM, Names.ATTENTION_OUTPUT, Names.FFN_NORM, Names.DOWN));
        if (this == LFM2) weights.addAll(List.of(Names.QUERY_NORM, Names.KEY_NORM));
        return weights;
    }

    /** Parts of a layer that may have a bias. */
    public List<String> biases() {
        return biases;
    }
}
