package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sparrow.engine.transformer.Rope;
import sparrow.formats.weights.Gguf;

/** The decoder architectures that can be read from GGUF, with llama.cpp's names. */
public enum Architecture {
    /**
     * Query, key and value are fused, and so are gate and up, in this order. Half of each head is rotated, in adjacent
     * pairs.
     */
    CHATGLM(Rope.Pairing.INTERLEAVED, Names.OUTPUT_NORM, List.of(Names.QKV, Names.UP), List.of(Names.QKV)),
    /** Projections are separate. Channel i of a head is rotated with channel i + half the head width. */
    QWEN2(
            Rope.Pairing.HALVES,
            Names.OUTPUT_NORM,
            List.of(Names.QUERY, Names.KEY, Names.VALUE, Names.GATE, Names.UP),
            List.of(Names.QUERY, Names.KEY, Names.VALUE)),
    /**
     * Like Qwen2, but with query and key norms and without biases. Most layers have a short convolution instead of
     * attention.
     */
    LFM2(
            Rope.Pairing.HALVES,
            "token_embd_norm.weight",
            List.of(Names.QUERY, Names.KEY, Names.VALUE, Names.GATE, Names.UP),
            List.of()),
    /**
     * Like LFM2, with a gate for each head and post norms. Attention layers with a window rotate all channels; other
     * attention layers rotate only the first pairs.
     */
    LFM3(
            Rope.Pairing.HALVES,
            Names.OUTPUT_NORM,
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
     * Returns a file's architecture.
     *
     * @throws sparrow.formats.BadFileException if the architecture is missing or not supported
     */
    static Architecture of(Gguf gguf) {
        String name = gguf.values().text(KEY);
        for (Architecture architecture : values()) {
            if (architecture.label().equals(name)) return architecture;
        }
        throw gguf.values().wrong(KEY, "chatglm, qwen2, lfm2 or lfm3", name);
    }

    /** Returns the name in the file, which is also the prefix of the file's keys. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the key for a size. */
    String key(String size) {
        return label() + "." + size;
    }

    /** Returns whether some layers have a short convolution instead of attention. */
    public boolean convolves() {
        return this == LFM2 || this == LFM3;
    }

    Rope.Pairing pairing() {
        return pairing;
    }

    /** Returns the name of the norm before the output matrix, [width]. */
    public String outputNorm() {
        return outputNorm;
    }

    /**
     * Returns the parts of a layer that have a weight, without {@code .weight}.
     *
     * @param attends whether the layer is an attention layer rather than a convolution layer
     */
    List<String> weights(boolean attends) {
        List<String> weights = new ArrayList<>(List.of(Names.ATTENTION_NORM, Names.FFN_NORM, Names.DOWN));
        if (attends) {
            weights.addAll(inputs);
            weights.add(Names.ATTENTION_OUTPUT);
            if (convolves()) weights.addAll(List.of(Names.QUERY_NORM, Names.KEY_NORM));
            if (this == LFM3) weights.add(Names.ATTENTION_GATE);
        } else {
            weights.addAll(List.of(
                    Names.CONVOLUTION_INPUT, Names.CONVOLUTION, Names.CONVOLUTION_OUTPUT, Names.GATE, Names.UP));
        }
        if (this == LFM3) weights.addAll(List.of(Names.POST_ATTENTION_NORM, Names.POST_FFN_NORM));
        return weights;
    }

    /** Returns the parts of a layer that may have a bias. */
    public List<String> biases() {
        return biases;
    }
}
