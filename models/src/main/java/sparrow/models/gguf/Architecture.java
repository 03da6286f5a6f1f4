package sparrow.models.gguf;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import sparrow.engine.transformer.Rope;
import sparrow.engine.weights.Gguf;

/** The decoder families that are read from GGUF, by the names that llama.cpp gives them. */
public enum Architecture {
    /** One matrix for query, key and value, one for gate and up (in this order); half of a head turns, in pairs. */
    CHATGLM(Rope.Pairing.INTERLEAVED, List.of(Names.QKV, Names.UP)),
    /** Every projection is a matrix of its own; a channel turns with the one half a head away. */
    QWEN2(Rope.Pairing.HALVES, List.of(Names.QUERY, Names.KEY, Names.VALUE, Names.GATE, Names.UP));

    private static final String KEY = "general.architecture";

    private final Rope.Pairing pairing;
    private final List<String> inputs;

    Architecture(Rope.Pairing pairing, List<String> inputs) {
        this.pairing = pairing;
        this.inputs = inputs;
    }

    /**
     * The architecture of a file.
     *
     * @throws sparrow.engine.weights.BadFileException if it is another one, or the key is missing
     */
    static Architecture of(Gguf gguf) {
        String name = gguf.values().text(KEY);
        for (Architecture architecture : values()) {
            if (architecture.label().equals(name)) return architecture;
        }
        throw gguf.values().wrong(KEY, "chatglm or qwen2", name);
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

    /** Parts of a layer, without {@code .weight}, that have a matrix. */
    List<String> matrices() {
        return Stream.concat(inputs.stream(), Stream.of(Names.ATTENTION_OUTPUT, Names.DOWN))
                .toList();
    }

    /** Parts of a layer that may have a bias. */
    public List<String> biases() {
        return inputs.stream().filter(part -> part.startsWith("attn_")).toList();
    }
}
