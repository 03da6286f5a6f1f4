package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/** Reads a GGUF file's configuration and transformer for the supported {@link Architecture}s. */
public final class GgufTransformer {
    /** llama.cpp's default base of the rotary embedding. */
    private static final double DEFAULT_ROPE_BASE = 10_000;

    private GgufTransformer() {}

    /**
     * Returns the configuration in the metadata. The vocabulary size is read from the embedding.
     *
     * @throws BadFileException if a key is missing, contradictory or not supported
     */
    public static TransformerConfig config(Gguf gguf) {
        Architecture architecture = Architecture.of(gguf);
        GgufMetadata values = gguf.values();
        int width = values.positive(architecture.key("embedding_length"));
        String headCount = architecture.key("attention.head_count");
        int heads = values.positive(headCount);
        String kvHeadCount = architecture.key("attention.head_count_kv");
        int kvHeads = values.has(kvHeadCount) ? kvHeads(values, kvHeadCount) : heads;
        if (heads % kvHeads != 0)
            throw values.wrong(headCount, "a multiple of " + kvHeads + " (" + kvHeadCount + ")", heads);
        int headWidth = headWidth(architecture, values, width, heads, kvHeads);
        return new TransformerConfig(
                layers(gguf, architecture.key("block_count")),
                width,
                heads,
                kvHeads,
                headWidth,
                values.positive(architecture.key("feed_forward_length")),
                TransformerLoader.rows(gguf, Names.EMBEDDING, width),
                values.positive(architecture.key("context_length")),
                epsilon(architecture, values),
                rope(architecture, values, headWidth));
    }

    /** Reads either a number for all layers, or one number per layer, which is 0 for convolution layers. */
    private static int kvHeads(GgufMetadata values, String key) {
        if (!values.isArray(key)) return values.positive(key);
        int[] counts = Arrays.stream(values.integers(key))
                .filter(count -> count != 0)
                .distinct()
                .toArray();
        if (counts.length != 1 || counts[0] < 1) {
            throw values.wrong(key, "one number of 1 or more, apart from zeros", Arrays.toString(values.integers(key)));
        }
        return counts[0];
    }

    /**
     * Returns, for each layer, whether it is an attention layer rather than a convolution layer.
     *
     * @throws BadFileException if a key is missing or contradictory
     */
    public static List<Boolean> attends(Gguf gguf) {
        Architecture architecture = Architecture.of(gguf);
        int layers = layers(gguf, architecture.key("block_count"));
        String key = architecture.key("attention.head_count_kv");
        GgufMetadata values = gguf.values();
        if (architecture != Architecture.LFM2 || !values.isArray(key)) return Collections.nCopies(layers, true);
        int[] counts = values.integers(key);
        if (counts.length != layers)
            throw values.wrong(key, "a number for each of " + layers + " layers", counts.length);
        List<Boolean> attends = new ArrayList<>();
        for (int count : counts) attends.add(count != 0);
        return attends;
    }

    /**
     * Returns the number of layers. It is limited by the number of tensors, so that a wrong number does not cause huge
     * allocations.
     *
     * @throws BadFileException if the key is missing, or the number is larger than the number of tensors
     */
    public static int layers(Gguf gguf, String key) {
        int layers = gguf.values().positive(key);
        int tensors = gguf.names().size();
        if (layers > tensors)
            throw gguf.values().wrong(key, "at most one layer for each of " + tensors + " tensors", layers);
        return layers;
    }

    private static int headWidth(Architecture architecture, GgufMetadata values, int width, int heads, int kvHeads) {
        String keyLength = architecture.key("attention.key_length");
        String valueLength = architecture.key("attention.value_length");
        if (!values.has(keyLength) && width % heads != 0) {
            throw values.wrong(architecture.key("embedding_length"), "a multiple of " + heads + " heads", width);
        }
        int headWidth = values.has(keyLength) ? values.positive(keyLength) : width / heads;
        if (heads + 2L * kvHeads > Integer.MAX_VALUE / headWidth) {
            throw values.wrong(keyLength, "heads of at most 2^31-1 channels together", heads + " of " + headWidth);
        }
        if (values.has(valueLength) && values.positive(valueLength) != headWidth) {
            throw values.wrong(valueLength, headWidth + ", as of keys", values.positive(valueLength));
        }
        return headWidth;
    }

    private static float epsilon(Architecture architecture, GgufMetadata values) {
        String key = architecture.key("attention.layer_norm_rms_epsilon");
        float epsilon = (float) values.number(key);
        if (!(epsilon >= 0 && epsilon < Float.POSITIVE_INFINITY))
            throw values.wrong(key, "a number of 0 or more", epsilon);
        return epsilon;
    }

    private static Rope rope(Architecture architecture, GgufMetadata values, int headWidth) {
        String scaling = architecture.key("rope.scaling.type");
        if (values.has(scaling) && !values.text(scaling).equals("none")) {
            throw values.wrong(scaling, "none", values.text(scaling));
        }
        String count = architecture.key("rope.dimension_count");
        int dimensions = values.has(count) ? values.positive(count) : headWidth;
        if (dimensions % 2 != 0 || dimensions > headWidth) {
            throw values.wrong(count, "an even number up to the " + headWidth + " channels of a head", dimensions);
        }
        String base = architecture.key("rope.freq_base");
        double ropeBase = values.has(base) ? values.number(base) : DEFAULT_ROPE_BASE;
        if (!(ropeBase > 0)) throw values.wrong(base, "a number above 0", ropeBase);
        return new Rope(dimensions, ropeBase, architecture.pairing());
    }

    /** Checks that a file's sizes match {@code config.json}. The file stores the rotary base as f32. */
    static void checkConfig(Gguf gguf, TransformerConfig expected) {
        TransformerConfig found = config(gguf);
        Rope rope = expected.rope();
        Rope single = new Rope(rope.dimensions(), (float) rope.base(), rope.pairing());
        if (!found.equals(expected.withRope(single))) {
            throw new BadFileException(
                    gguf.source(), "metadata", "expected the sizes of config.json, " + expected + ", found " + found);
        }
    }

    /**
     * Loads a file's transformer.
     *
     * @param load prepares a matrix for the kernels
     * @throws BadFileException if a tensor is missing, has the wrong shape, or does not belong to the architecture
     */
    static Transformer load(TransformerConfig config, Gguf gguf, Kernels kernels, WeightLoader load) {
        Architecture architecture = Architecture.of(gguf);
        checkNames(config, gguf, architecture);
        if (architecture == Architecture.LFM2) checkTaps(config, gguf);
        return TransformerLoader.load(architecture, config, gguf, kernels, load);
    }

    /**
     * Rejects unknown tensors, because ignoring one, such as a scaling of the rotary angles, would change the model.
     */
    private static void checkNames(TransformerConfig config, Gguf gguf, Architecture architecture) {
        Set<String> known = new HashSet<>(List.of(Names.EMBEDDING, architecture.outputNorm(), Names.OUTPUT));
        List<Boolean> attends = attends(gguf);
        for (int layer = 1; layer <= config.layers(); layer++) {
            for (String part : architecture.weights(attends.get(layer - 1))) known.add(Names.weight(layer, part));
            for (String part : architecture.biases()) known.add(Names.bias(layer, part));
        }
        for (String name : gguf.names()) {
            if (known.contains(name)) continue;
            throw new BadFileException(
                    gguf.source(),
                    "tensor " + name,
                    "is not part of a " + architecture.label() + " of " + config.layers() + " layers");
        }
    }

    /** Checks the number of convolution taps against its metadata key. */
    private static void checkTaps(TransformerConfig config, Gguf gguf) {
        int taps = gguf.values().positive(Architecture.LFM2.key("shortconv.l_cache"));
        List<Boolean> attends = attends(gguf);
        for (int layer = 1; layer <= config.layers(); layer++) {
            if (attends.get(layer - 1)) continue;
            gguf.tensor(Names.weight(layer, Names.CONVOLUTION), config.width(), taps);
        }
    }
}
